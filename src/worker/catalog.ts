/**
 * The models of a server by id, and how they are described to clients.
 */
import { InputError } from '../format/index.ts';
import type { Predictor, PredictorInfo, StudentInfo } from '../runtime/index.ts';
import { HttpError } from './errors.ts';
import type { ModelCard } from './messages.ts';
import { modelIds } from './model-ids.ts';
import { StudentDownload } from './student-download.ts';

/** A predictor with its id and, where clients may have it, its file. */
export interface ServedModel {
  readonly id: string;
  readonly predictor: Predictor;
  readonly download: StudentDownload | null;
}

/** What a model reads: a student says when it is not one text. */
function readsOf(info: PredictorInfo | StudentInfo): string {
  return 'spec' in info ? (info.spec.input?.kind ?? 'text') : 'text';
}

/** Everything that a server serves, in the order in which it was given. */
export class Catalog {
  readonly #models: ReadonlyMap<string, ServedModel>;

  /** @throws InputError where there is no predictor, one is none, does not classify or does not read a text, two students share a name, or a file belongs to nobody */
  constructor(predictors: readonly Predictor[], studentFiles: ReadonlyMap<string, Uint8Array> = new Map()) {
    const stranger = predictors.findIndex((one) => typeof one?.info?.role !== 'string');
    if (stranger !== -1) {
      const got = typeof predictors[stranger];
      throw new InputError(
        `predictors: expected loaded students and teachers, got ${got} at ${stranger}; load it first.`,
      );
    }
    const models = new Map<string, ServedModel>();
    for (const [i, id] of modelIds(predictors).entries()) {
      const predictor = predictors[i]!;
      const { name, task } = predictor.info;
      const reads = readsOf(predictor.info);
      if (task !== 'classify') {
        const message = `predictors: expected models that classify, got ${name}, made for the task ${task}, which is not served yet; leave it out.`;
        throw new InputError(message, { code: 'wrong_task' });
      }
      if (reads !== 'text') {
        const message = `predictors: expected models that read a text, got ${name}, which reads ${reads}; that is not served yet, leave it out.`;
        throw new InputError(message, { code: 'wrong_input' });
      }
      const file = studentFiles.get(id);
      models.set(id, { id, predictor, download: file === undefined ? null : new StudentDownload(id, file) });
    }
    if (models.size === 0) throw new InputError('predictors: expected at least one, got none.');
    for (const id of studentFiles.keys()) {
      if (models.has(id)) continue;
      const known = [...models.keys()].join(', ');
      throw new InputError(`studentFiles: expected ids of predictors (${known}), got "${id}"; use a student's name.`);
    }
    this.#models = models;
  }

  /** Every model. */
  get models(): readonly ServedModel[] {
    return [...this.#models.values()];
  }

  /** @throws HttpError 404 that lists the ids there are */
  get(id: string): ServedModel {
    const model = this.#models.get(id);
    if (model === undefined) throw this.#unknown(`model: "${id}" is not served here`);
    return model;
  }

  /** @throws HttpError 404 that lists the ids there are, also where the model's file is not offered */
  getDownload(id: string): StudentDownload {
    const { download } = this.get(id);
    if (download === null) {
      throw new HttpError(404, 'student_file_not_offered', `model: the file of "${id}" is not offered for download.`);
    }
    return download;
  }

  #unknown(what: string): HttpError {
    const known = [...this.#models.keys()].map((id) => `"${id}"`).join(', ');
    return new HttpError(404, 'model_not_found', `${what}; expected one of ${known}.`);
  }
}

/** How a model is described to clients. */
export async function describeModel({ id, predictor, download }: ServedModel): Promise<ModelCard> {
  const { name, role, labels, multiLabel, bytes, backend, metrics } = predictor.info;
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: 'retort',
    name,
    role,
    task: 'classify',
    labels,
    multi_label: multiLabel,
    bytes,
    backend,
    metrics,
    student_url: download === null ? null : await download.url(),
  };
}

/** The kinds of teacher models by name. A new kind is a file beside this one and a line here. */
import { InputError, UnsupportedError } from '../../format/index.ts';
import { chat } from './chat/chat.ts';
import { encoder } from './encoder/encoder.ts';
import { graph } from './graph/graph.ts';
import { http } from './http/http.ts';
import { onnx } from './onnx/onnx.ts';
import { recorded } from './recorded/recorded.ts';
import { scratch } from './scratch/scratch.ts';
import type { ModelIdentity, ModelOptions, ModelSpec } from './teacher.ts';
import type { TeacherKind } from './teacher-kind.ts';
import { universalSentenceEncoder } from './universal-sentence-encoder.ts';

const KINDS: ReadonlyMap<string, TeacherKind> = new Map(
  Object.entries({
    chat,
    encoder,
    graph,
    http,
    onnx,
    recorded,
    scratch,
    'universal-sentence-encoder': universalSentenceEncoder,
  }) as unknown as [string, TeacherKind][],
);

/** Names of the kinds, as `kind` in a config. */
export const KIND_NAMES: readonly string[] = [...KINDS.keys()];

/** The kind of a model; a config or a file that names another one is refused where it is read. */
export function kindOf({ kind }: ModelOptions): TeacherKind {
  return KINDS.get(kind)!;
}

/** Why a backend cannot run a model, as a message goes on after its place; null where it can. */
export function backendFault(options: ModelOptions, backend: string): string | null {
  const excluded: readonly string[] = kindOf(options).excludedBackends ?? [];
  if (!excluded.includes(backend)) return null;
  return `expected one that runs a teacher of kind ${options.kind}, got ${backend}; take wasm, or a teacher of another kind`;
}

/** @throws InputError with code `invalid_config` where models of this kind are not for the task */
export function checkTask({ options, task = 'classify' }: Pick<ModelSpec, 'options' | 'task'>): void {
  const isFit = ({ tasks = ['classify'] }: TeacherKind): boolean => tasks.includes(task);
  if (isFit(kindOf(options))) return;
  const names = KIND_NAMES.filter((name) => isFit(KINDS.get(name)!)).join(', ');
  const message = `teacher: expected one for the task ${task}, of kind ${names}, got ${options.kind}; choose another kind`;
  throw new InputError(message, { code: 'invalid_config' });
}

/**
 * What a model is, before it is loaded.
 *
 * @throws UnsupportedError where its backend cannot run it; InputError or UnsupportedError where there is no such model, or
 * what runs it is not installed
 */
export async function identifyModel(spec: ModelSpec): Promise<ModelIdentity> {
  checkTask(spec);
  const fault = backendFault(spec.options, spec.backend);
  if (fault !== null) throw new UnsupportedError(`backend: ${fault}`);
  return kindOf(spec.options).identify(spec);
}

/** Texts of one call of a model. */
export function batchSizeOf(options: ModelOptions): number {
  const { batchSize } = kindOf(options);
  return typeof batchSize === 'number' ? batchSize : batchSize(options);
}

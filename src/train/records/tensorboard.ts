/** The epochs of a run as TensorBoard reads them: one folder a student and seed, with one event file. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-file.ts';
import type { EpochRecord } from '../training-run.ts';
import { encodeFileVersion, encodeScalars } from './event.ts';
import type { RunRecord } from './run-record.ts';
import { encodeTfRecord } from './tf-record.ts';

/** TensorBoard looks for `tfevents` in a name; the end of it says whose file it is. */
const PREFIX = 'events.out.tfevents.';
const SUFFIX = '.retort';

/**
 * Writes `<folder>/<run>/<student>-seed-<seed>/`; event files that an earlier run of the same name left there are
 * removed, since TensorBoard would draw both as one.
 *
 * @returns the folders of the students, absolute if `folder` is
 * @throws WriteError
 */
export async function writeTensorBoard(folder: string, { startedAt, metrics }: RunRecord): Promise<readonly string[]> {
  const started = Date.parse(startedAt) / 1000;
  const written: string[] = [];
  for (const { seed, students } of metrics.runs) {
    for (const { name, history } of students) {
      const place = join(folder, metrics.name, `${name}-seed-${seed}`);
      const file = `${PREFIX}${Math.floor(started)}${SUFFIX}`;
      await writeFileAtomic(join(place, file), eventFile(history, started));
      await removeOthers(place, file);
      written.push(place);
    }
  }
  return written;
}

/** @param started seconds since 1970; an epoch's time is that plus what it and those before it took */
function eventFile(history: readonly EpochRecord[], started: number): Buffer {
  let wallTime = started;
  const events = history.map((epoch) => {
    wallTime += epoch.seconds;
    return encodeScalars({ wallTime, step: epoch.epoch, scalars: scalarsOf(epoch) });
  });
  return Buffer.concat([encodeFileVersion(started), ...events].map(encodeTfRecord));
}

function scalarsOf(epoch: EpochRecord): ReadonlyMap<string, number> {
  const all: [string, number | null][] = [
    ['loss/total', epoch.totalLoss],
    ['loss/model', epoch.modelLoss],
    ['loss/distillation', epoch.distillationLoss],
    ...epoch.featureLosses.map((loss, i): [string, number] => [`loss/feature_${i + 1}`, loss]),
    ['dev/loss', epoch.devLoss],
    ['dev/accuracy', epoch.devAccuracy],
    ['dev/agreement', epoch.devAgreement],
    ['schedule/learning_rate', epoch.learningRate],
    ['schedule/temperature', epoch.temperature],
    ['schedule/alpha', epoch.alpha],
    ['schedule/model_weight', epoch.modelWeight],
    ...epoch.betas.map((beta, i): [string, number] => [`schedule/beta_${i + 1}`, beta]),
  ];
  return new Map(all.filter((entry): entry is [string, number] => entry[1] !== null));
}

async function removeOthers(place: string, file: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (name.startsWith(PREFIX) && name.endsWith(SUFFIX) && name !== file) await rm(join(place, name), { force: true });
  }
}

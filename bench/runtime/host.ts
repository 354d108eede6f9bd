/** Where contestants run: this Node, the Node of bench/package.json, and workerd. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ContestantName } from './contestants/names.ts';
import type { Answer, Job } from './job.ts';
import { startWorkerd } from './workerd.ts';

/** Names as in the results: `node` and its major version, or an engine. */
export type HostName = `node${number}` | 'workerd';

/** A host that works on jobs, one at a time. */
export interface Host {
  readonly name: HostName;
  /** Whether a contestant runs here at all. */
  runs(contestant: ContestantName): boolean;
  /** Whether it can be had with the baseline compiler alone, and in a process of its own for each job. */
  readonly hasProcesses: boolean;
  /** @param isCold with the baseline compiler alone */
  work<J extends Job>(job: J, isCold: boolean): Promise<Answer<J>>;
  close(): Promise<void>;
}

const OTHER_NODE = resolve('bench/node_modules/node/bin/node');
const LARGEST_ANSWER_BYTES = 2 ** 26;

/**
 * Every host there is.
 *
 * @param script the bundled benchmark, which does a job where it is called with one
 */
export async function openHosts(script: string, wanted: readonly string[] | null): Promise<readonly Host[]> {
  const isWanted = (name: string): boolean => wanted === null || wanted.includes(name);
  const workerd = isWanted('workerd') ? [await startWorkerd()] : [];
  return [...(await openNodes(script)).filter(({ name }) => isWanted(name)), ...workerd];
}

/** This Node, and the other one where it is installed. */
export function openNodes(script: string): Promise<readonly Host[]> {
  const executables = [process.execPath, ...(existsSync(OTHER_NODE) ? [OTHER_NODE] : [])];
  return Promise.all(executables.map((executable) => nodeHost(executable, script)));
}

async function nodeHost(executable: string, script: string): Promise<Host> {
  const run = promisify(execFile);
  const { stdout } = await run(executable, ['-p', 'process.versions.node.split(".")[0]']);
  const version = Number(stdout);
  return {
    name: `node${version}`,
    hasProcesses: true,
    // Node 20 has relaxed SIMD behind a flag alone.
    runs: (contestant) => contestant !== 'retort-relaxed' || version >= 22,
    async work(job, isCold) {
      const flags = isCold ? ['--liftoff-only'] : [];
      const args = [...flags, script, '--job', JSON.stringify(job)];
      const { stdout: answer } = await run(executable, args, { maxBuffer: LARGEST_ANSWER_BYTES });
      return JSON.parse(answer.trim().split('\n').at(-1)!);
    },
    close: async () => {},
  };
}

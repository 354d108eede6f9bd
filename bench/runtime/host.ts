/** Where contestants run: this Node, the Node of bench/package.json, and workerd. */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { SeatName } from './contestants/names.ts';
import type { Answer, Job, SeatPlan } from './job.ts';
import { endWithThis, TIED } from './processes.ts';
import { lastProcessor } from './processors.ts';
import type { TakeTurn } from './seat.ts';
import { startWorkerd } from './workerd.ts';

/** Names as in the results: `node` and its major version, or an engine. */
export type HostName = `node${number}` | 'workerd';

/** A contestant on a host. */
export interface Seat {
  readonly takeTurn: TakeTurn;
  close(): void;
}

/** A host that seats contestants, which take turns. */
export interface Host {
  readonly name: HostName;
  /** Whether a contestant runs here at all. */
  runs(contestant: SeatName): boolean;
  /**
   * Null where the contestant cannot run the student.
   *
   * @param isCold with the baseline compiler alone
   */
  seat(plan: SeatPlan, isCold: boolean): Promise<Seat | null>;
  close(): Promise<void>;
}

/** A host in processes: one for each job, and the baseline compiler alone where that is asked for. */
export interface NodeHost extends Host {
  /** @param isCold with the baseline compiler alone */
  work<J extends Job>(job: J, isCold: boolean): Promise<Answer<J>>;
}

/** Whether a host is one in processes. */
export function isNode(host: Host): host is NodeHost {
  return 'work' in host;
}

const OTHER_NODE = resolve('bench/node_modules/node/bin/node');
const LARGEST_ANSWER_BYTES = 2 ** 26;
/** Has all processes run on one processor, where the system can: those of a virtual machine may differ in speed for long. */
const PINNED = pinned();

/**
 * Every host there is.
 *
 * @param script the bundled benchmark, which does a job, or seats a contestant, where it is called with one
 */
export async function openHosts(script: string, wanted: readonly string[] | null): Promise<readonly Host[]> {
  const isWanted = (name: string): boolean => wanted === null || wanted.includes(name);
  const workerd = isWanted('workerd') ? [await startWorkerd()] : [];
  return [...(await openNodes(script)).filter(({ name }) => isWanted(name)), ...workerd];
}

/** This Node, and the other one where it is installed. */
export function openNodes(script: string): Promise<readonly NodeHost[]> {
  const executables = [process.execPath, ...(existsSync(OTHER_NODE) ? [OTHER_NODE] : [])];
  return Promise.all(executables.map((executable) => nodeHost(executable, script)));
}

async function nodeHost(executable: string, script: string): Promise<NodeHost> {
  const run = promisify(execFile);
  const { stdout } = await run(executable, ['-p', 'process.versions.node.split(".")[0]']);
  const version = Number(stdout);
  return {
    name: `node${version}`,
    // Node 20 has relaxed SIMD behind a flag alone.
    runs: (contestant) => version >= 22 || !contestant.endsWith('-relaxed'),
    async work(job, isCold) {
      const [command, ...flags] = commandOf(executable, isCold);
      const args = [...flags, script, '--job', JSON.stringify(job)];
      const started = run(command, args, { maxBuffer: LARGEST_ANSWER_BYTES });
      endWithThis(started.child);
      const { stdout: answer } = await started;
      return JSON.parse(answer.trim().split('\n').at(-1)!);
    },
    async seat(plan, isCold) {
      const [execPath, ...execArgv] = commandOf(executable, isCold);
      const args = ['--seat', JSON.stringify(plan)];
      const child = fork(script, args, {
        execPath,
        execArgv,
        // What a contestant prints is not of the results.
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      endWithThis(child);
      if (await answerOf<boolean>(child)) {
        // Between its turns it sleeps: what it leaves to threads of its own would run in the turns of others.
        const takeTurn: TakeTurn = async (turn) => {
          child.kill('SIGCONT');
          child.send(turn);
          const times = await answerOf<readonly number[]>(child);
          child.kill('SIGSTOP');
          return times;
        };
        child.kill('SIGSTOP');
        return { takeTurn, close: () => void child.kill('SIGKILL') };
      }
      child.kill();
      return null;
    },
    close: async () => {},
  };
}

function pinned(): readonly string[] {
  if (!existsSync('/usr/bin/taskset')) return [];
  const processor = lastProcessor(readFileSync('/proc/self/status', 'utf8'));
  return processor === null ? [] : ['/usr/bin/taskset', '--cpu-list', processor];
}

function commandOf(executable: string, isCold: boolean): readonly [string, ...string[]] {
  return [...TIED, ...PINNED, executable, ...(isCold ? ['--liftoff-only'] : [])] as [string, ...string[]];
}

/** The next message of a process; throws where it ends instead. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const onExit = (): void => ended.abort();
  child.once('exit', onExit);
  try {
    const [answer] = await once(child, 'message', { signal: ended.signal });
    return answer;
  } catch (error) {
    throw new Error(`expected ${child.spawnargs.join(' ').slice(0, 200)} to answer, it ended`, { cause: error });
  } finally {
    child.off('exit', onExit);
  }
}

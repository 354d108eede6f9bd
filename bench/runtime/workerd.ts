/** Workerd as wrangler runs it: one Worker, in which all contestants have their seats. */
import { unstable_startWorker } from 'wrangler';
import type { Host } from './host.ts';
import type { Turn } from './job.ts';
import type { TakeTurn } from './seat.ts';
import { readFiles } from './student-files.ts';

/** Its clock ticks in milliseconds, so that a sample has to be longer. */
const SAMPLE_MS = 20;

/** Starts the Worker; nothing outside this machine is asked for anything. */
export async function startWorkerd(): Promise<Host> {
  Object.assign(process.env, { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' });
  const worker = await unstable_startWorker({
    config: 'bench/runtime/workerd/wrangler.toml',
    dev: { logLevel: 'error', server: { port: 0 }, inspector: false },
  });
  await worker.ready;
  const ask = async <T>(query: string, body: Uint8Array | null): Promise<T> => {
    const response = await worker.fetch(`http://bench/?${query}`, { method: 'POST', body });
    if (response.status !== 200) throw new Error(`workerd: ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    name: 'workerd',
    runs: (contestant) => contestant.startsWith('retort'),
    async seat(plan) {
      const { student } = await readFiles(plan.folder, plan.student);
      await ask(`seat=${encodeURIComponent(JSON.stringify(plan))}`, student);
      const takeTurn: TakeTurn = ({ what, sampling }) => {
        const turn = { what, sampling: { ...sampling, sampleMs: SAMPLE_MS } } satisfies Turn;
        return ask(`contestant=${plan.contestant}&turn=${encodeURIComponent(JSON.stringify(turn))}`, null);
      };
      return { takeTurn, close: () => {} };
    },
    close: () => worker.dispose(),
  };
}

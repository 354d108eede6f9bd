/** Workerd as wrangler runs it: one Worker, which seats a contestant for each turn. */
import { unstable_startWorker } from 'wrangler';
import { readFiles } from './files.ts';
import type { Host } from './host.ts';
import type { Turn } from './job.ts';
import type { TakeTurn } from './seat.ts';

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
  return {
    name: 'workerd',
    hasProcesses: false,
    runs: (contestant) => contestant.startsWith('retort'),
    async seat(plan) {
      const { student } = await readFiles(plan.folder, plan.student);
      const ask = async (turn: Turn): Promise<readonly number[]> => {
        const message = encodeURIComponent(JSON.stringify({ plan, turn }));
        const response = await worker.fetch(`http://bench/?message=${message}`, { method: 'POST', body: student });
        if (response.status !== 200) throw new Error(`workerd: ${await response.text()}`);
        return (await response.json()) as number[];
      };
      const takeTurn: TakeTurn = ({ what, sampling }) => ask({ what, sampling: { ...sampling, sampleMs: SAMPLE_MS } });
      return { takeTurn, close: () => {} };
    },
    close: () => worker.dispose(),
  };
}

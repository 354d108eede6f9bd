/** Workerd as wrangler runs it: one Worker, which does the jobs that are posted to it. */
import { unstable_startWorker } from 'wrangler';
import { readFiles } from './files.ts';
import type { Host } from './host.ts';
import type { Answer, Job } from './job.ts';

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
    async work<J extends Job>(job: J) {
      if (job.kind !== 'latency') return null;
      const { student } = await readFiles(job.folder, job.student);
      const sampling = { ...job.sampling, sampleMs: SAMPLE_MS };
      const url = `http://bench/?job=${encodeURIComponent(JSON.stringify({ ...job, sampling }))}`;
      const response = await worker.fetch(url, { method: 'POST', body: student });
      if (response.status !== 200) throw new Error(`workerd: ${await response.text()}`);
      return (await response.json()) as Answer<J>;
    },
    close: () => worker.dispose(),
  };
}

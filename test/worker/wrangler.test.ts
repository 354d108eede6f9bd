import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadStudent } from '../../src/runtime/node.ts';
import type { PredictResponse } from '../../src/worker/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRANGLER = 'node_modules/wrangler/bin/wrangler.js';
const STUDENT = 'examples/worker/student.safetensors';
/** No update check, no questions, no reports. */
const env = { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('wrangler with the wrangler.toml of the repository', () => {
  it('bundles a Worker with student and kernels of at most 400 KB of gzip', async () => {
    const out = temporaryFolder('wrangler');
    const child = spawn(process.execPath, [WRANGLER, 'deploy', '--dry-run', '--outdir', out], { env });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, text).toBe(0);
    const names = readdirSync(out);
    const student = names.find((name) => name.endsWith('.safetensors'))!;
    expect(readFileSync(join(out, student))).toEqual(readFileSync(STUDENT));
    expect(names.some((name) => name.endsWith('.wasm'))).toBe(true);
    const shipped = names.filter((name) => /\.(js|wasm|safetensors)$/.test(name));
    const bytes = shipped.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name)), { level: 9 }).length, 0);
    expect(bytes).toBeLessThanOrEqual(400 * 1024);
  });

  it('serves in development: a prediction with the scores of Node', async () => {
    const port = await freePort();
    const args = [WRANGLER, 'dev', '--port', String(port), '--ip', '127.0.0.1', '--inspector-port', '0'];
    const child = spawn(process.execPath, args, { env });
    try {
      let text = '';
      await new Promise<void>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (part) => {
            text += part;
            if (text.includes('Ready on')) resolve();
          });
        }
        child.on('close', (code) => reject(new Error(`wrangler dev: exit code ${code}: ${text}`)));
      });
      const { id } = ((await (await fetch(`http://127.0.0.1:${port}/v1/models`)).json()) as { data: { id: string }[] })
        .data[0];
      const response = await fetch(`http://127.0.0.1:${port}/v1/models/${id}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ input: 'You won a free prize, claim it now!' }),
      });
      const { data } = (await response.json()) as PredictResponse;
      const student = await loadStudent(STUDENT);
      expect(data[0].labels).toEqual(student.classify('You won a free prize, claim it now!'));
    } finally {
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.kill('SIGINT');
      await ended;
    }
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startChat } from '../support/chat-endpoint.ts';
import { MESSAGES_CONFIG, writeMessages } from '../support/messages.ts';
import { retort } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('cli-teachers');
const KEY = 'sk-do-not-tell-0816';

describe('retort distill with a chat model', () => {
  it('stops with exit code 1 where the budget is spent, goes on with a larger one, and never shows the key', async () => {
    vi.stubEnv('CHAT_KEY', KEY);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { url, received } = await startChat((text) => ({
      text: 'A',
      tokens: { A: 0.5, B: 0.1 + (text.length % 4) / 10, C: 0.05 },
    }));
    const distill = (maxRequests: number) => {
      const price = { input: 0.15, output: 0.6 };
      const chat = { kind: 'chat', model: 'talker', baseURL: `${url}/v1`, tokenEnv: 'CHAT_KEY' } as const;
      const teacher = { ...chat, maxRequests, pricePerMillion: price, maxCost: 1 };
      const [student] = MESSAGES_CONFIG.students!;
      writeMessages(folder, { ...MESSAGES_CONFIG, teacher, students: [student] });
      return retort(['distill'], { cwd: folder });
    };
    const stopped = await distill(50);
    expect(stopped.code, stopped.stderr).toBe(1);
    expect(stopped.stderr).toContain('retort: chat teacher: expected to stay within maxRequests 50, got 50 requests');
    expect(stopped.stderr).toMatch(
      /talker: 240 texts in 240 requests, about \d+ input .*; cost about 0\.0\d+, of at most 1/,
    );
    const finished = await distill(190);
    expect(finished.code, finished.stderr).toBe(0);
    expect(finished.stderr).toContain('talker: 190 texts in 190 requests');
    expect(received).toHaveLength(240);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const contents = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
    for (const text of [stopped, finished].flatMap(({ stdout, stderr }) => [stdout, stderr]).concat(contents)) {
      expect(text).not.toContain(KEY);
    }
  }, 90_000);
});

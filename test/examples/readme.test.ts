/** Examples of the README, run as they are printed there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadStudent } from '../../src/runtime/node.ts';

it("README's first example prints what its comments say", () => {
  const [, code] = readFileSync('README.md', 'utf8').match(/```ts\n(import \{ loadStudent \}[\s\S]*?)```/)!;
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
  expect(expected.length).toBe(3);
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(printed.trimEnd().split('\n')).toEqual(expected);
});

it("README's sample of tagging is what the student of examples/tag says", async () => {
  const sample = readFileSync('README.md', 'utf8').match(
    /^tagger\.tag\('(.*)'\); \/\/ examples\/tag: \[\.\.\., (.*)\]$/m,
  )!;
  const [, text, expected] = sample;
  const { score, ...word } = (await loadStudent('examples/tag/student.safetensors')).tag(text).at(-1)!;
  const fields = Object.entries({ ...word, score: Number(score.toFixed(3)) });
  const quoted = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
  expect(`{ ${fields.map(([name, value]) => `${name}: ${quoted(value)}`).join(', ')} }`).toBe(expected);
});

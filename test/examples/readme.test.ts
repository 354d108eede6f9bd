/** The first example of the README, run as it is printed there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it("README's first example prints what its comments say", () => {
  const [, code] = readFileSync('README.md', 'utf8').match(/```ts\n(import \{ loadStudent \}[\s\S]*?)```/)!;
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
  expect(expected.length).toBe(3);
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(printed.trimEnd().split('\n')).toEqual(expected);
});

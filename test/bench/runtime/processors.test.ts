import { expect, it } from 'vitest';
import { lastProcessor } from '../../../bench/runtime/processors.ts';

it.each([
  ['0', '0'],
  ['0-1', '1'],
  ['0-15', '15'],
  ['2,4-7,12', '12'],
  ['0-3,8-11', '11'],
])('lastProcessor of those in %s is %s', (list, last) => {
  expect(lastProcessor(`Cpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed_list:\t0\n`)).toBe(last);
});

it('lastProcessor of a status that names none is null', () => {
  expect(lastProcessor('Name:\tnode\n')).toBeNull();
});

/** What the scalar reference answers, which every contestant is held against. */
import { type Case, differentTexts, type Input, inputOf, readsTexts, type StudentName } from './case.ts';
import type { CheckedCase } from './check.ts';
import type { StudentFiles } from './contestants/contestant.ts';
import { retortOnIds, retortOnTexts } from './contestants/retort.ts';

const noSimd = () => ({ unavailable: 'not asked for' });

/** Asks the scalar reference, once for all processes. */
export function checkedCase(one: Case, files: Pick<StudentFiles, 'student' | 'float'>, vocabSize: number): CheckedCase {
  const { ids, texts, seqLen } = inputOf(one, vocabSize);
  const batch = differentTexts(one.batch);
  const input = { batch, seqLen, ids: ids.subarray(0, batch * seqLen), texts: texts.slice(0, batch) };
  const expected = {
    int8: reference(one.student, files.student, input),
    float: reference(one.student, files.float, input),
  };
  return { ...one, expected };
}

function reference(student: StudentName, bytes: Uint8Array, input: Input): readonly number[] {
  const runner = (readsTexts(student) ? retortOnTexts : retortOnIds)(noSimd, bytes, 'scalar');
  return [...(runner.prepare(input)() as Float32Array)];
}

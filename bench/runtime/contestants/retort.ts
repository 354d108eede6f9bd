/** Retort on token ids: what `Student` does behind its tokenizer, and on texts, `Student` itself. */
import { parseStudent, type TextStudentSpec, taskLabels } from '../../../src/format/index.ts';
import { type Backend, chooseKernels, type HostModules } from '../../../src/runtime/kernels/choose.ts';
import type { Kernels } from '../../../src/runtime/kernels/kernels.ts';
import { planStudent } from '../../../src/runtime/layers/chain.ts';
import { readStudentWith } from '../../../src/runtime/load.ts';
import { Plan } from '../../../src/runtime/plan.ts';
import type { Input } from '../case.ts';
import type { Runner } from './contestant.ts';

/**
 * Reads a student that answers for token ids.
 *
 * @param modules those of the host
 * @param bytes a student file
 * @param watch gives the kernels to run in place of those of the student
 */
export function retortOnIds(
  modules: () => HostModules,
  bytes: Uint8Array,
  backend: Backend,
  watch: (kernels: Kernels) => Kernels = (kernels) => kernels,
): Runner {
  const { spec: parsed, tensors, isFloat } = parseStudent(bytes);
  const spec = parsed as TextStudentSpec;
  const { group, place } = chooseKernels(isFloat, modules, backend);
  const plan = new Plan(tensors, spec.maxTokens, group);
  const { steps, output, input } = planStudent(plan, spec);
  const { kernels: own, memory } = place(plan.byteLength);
  const kernels = watch(own);
  plan.writeConstants(memory);
  const width = taskLabels(spec.task).length;
  const tokens = new Int32Array(memory, input.offset, spec.maxTokens);
  const logits = new Float32Array(memory, output.offset, width);
  return {
    prepare:
      ({ ids, batch, seqLen }: Input) =>
      () => {
        const answers = new Float32Array(batch * width);
        for (let text = 0; text < batch; text++) {
          for (let i = 0; i < seqLen; i++) tokens[i] = ids[text * seqLen + i];
          for (const step of steps) step(kernels, seqLen);
          answers.set(logits, text * width);
        }
        return answers;
      },
    dispose() {},
  };
}

/** Reads a student that answers for texts, as a user calls it: scores in the order of its labels. */
export function retortOnTexts(modules: () => HostModules, bytes: Uint8Array, kernels: Backend): Runner {
  const student = readStudentWith(modules, bytes, { kernels });
  const { labels } = student.info;
  const places = new Map(labels.map((label, i) => [label, i]));
  return {
    prepare:
      ({ texts }: Input) =>
      () => {
        const answers = new Float32Array(texts.length * labels.length);
        for (const [i, ranked] of student.classify(texts).entries()) {
          for (const { label, score } of ranked) answers[i * labels.length + places.get(label)!] = score;
        }
        return answers;
      },
    dispose: () => student.dispose(),
  };
}

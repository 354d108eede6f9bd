/** Retort on token ids: what `Student` does behind its tokenizer, and on texts, `Student` itself. */
import { layerName, parseStudent, taskLabels } from '../../../src/format/index.ts';
import { type Backend, chooseKernels, type HostModules } from '../../../src/runtime/kernels/choose.ts';
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
 */
export function retortOnIds(modules: () => HostModules, bytes: Uint8Array, backend: Backend): Runner {
  const { spec, tensors } = parseStudent(bytes);
  const isFloat = tensors.get(`${layerName('layers', 0)}.weight`)!.dtype === 'F32';
  const { group, place } = chooseKernels(isFloat, modules, backend);
  const plan = new Plan(tensors, spec.maxTokens, isFloat, group);
  const at = plan.acquire(4 * spec.maxTokens);
  const { tokenizer } = spec;
  const vocabSize = tokenizer.kind === 'hashed' ? tokenizer.buckets : tokenizer.vocabSize;
  const { steps, output } = planStudent(plan, spec.layers, { kind: 'tokens', offset: at, width: vocabSize });
  const { kernels, memory } = place(plan.byteLength);
  plan.writeConstants(memory);
  const width = taskLabels(spec.task).length;
  const tokens = new Int32Array(memory, at, spec.maxTokens);
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

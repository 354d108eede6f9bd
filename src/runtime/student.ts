/** A student, loaded and ready: tokenizer, planned layers, kernels. Prediction is synchronous and allocates no memory. */
import { InputError, layerName, type ParsedStudent, type StudentSpec } from '../format/index.ts';
import { type Backend, chooseKernels, type HostModules } from './kernels/choose.ts';
import { expF32, sigmoidF32 } from './kernels/float.ts';
import type { Kernels } from './kernels/kernels.ts';
import { planStudent } from './layers/chain.ts';
import { Plan, type Step } from './plan.ts';
import type { LabelScore, Prediction, Predictor, PredictorInfo, RankedLabels } from './predictor.ts';
import { createTokenizer } from './tokenizers/create-tokenizer.ts';
import type { Encoding, Tokenizer } from './tokenizers/tokenizer.ts';

/** What is known about a loaded student. */
export interface StudentInfo extends PredictorInfo {
  readonly role: 'student';
  readonly backend: Backend;
  /** Why not a faster backend; empty where there is none. */
  readonly backendReason: string;
  /** True where the SHA-256 of the file was checked when it was loaded. */
  readonly verified: boolean;
  /** Bytes of linear memory that the student holds; a prediction never changes it. */
  readonly memoryBytes: number;
  readonly spec: StudentSpec;
}

/** Options of {@link Student.classify}. */
export interface ClassifyOptions {
  /** Most labels a text; all of them where it is left out. */
  readonly topK?: number;
}

/** How a student is set up; doors fill it in. */
export interface StudentSetup {
  readonly modules: () => HostModules;
  readonly kernels: 'auto' | Backend;
  readonly verified: boolean;
}

/** A distilled model in memory. One student answers one text at a time. */
export class Student implements Predictor {
  readonly info: StudentInfo;
  readonly #tokenizer: Tokenizer;
  readonly #steps: readonly Step[];
  readonly #ids: number;
  readonly #output: number;
  #kernels: Kernels | null;
  #memory: ArrayBuffer;

  constructor(file: ParsedStudent, setup: StudentSetup) {
    const { spec, tensors } = file;
    // The format has one precision for all products, and an embedding first.
    const isFloat = tensors.get(`${layerName('layers', 0)}.weight`)!.dtype === 'F32';
    this.#tokenizer = createTokenizer(spec.tokenizer, spec, tensors);
    const { backend, reason, group, place } = chooseKernels(isFloat, setup.modules, setup.kernels);
    const plan = new Plan(tensors, spec.maxTokens, isFloat, group);
    this.#ids = plan.acquire(4 * spec.maxTokens);
    const ids = { kind: 'tokens', offset: this.#ids, width: this.#tokenizer.vocabSize } as const;
    const { steps, output } = planStudent(plan, spec.layers, ids);
    const { kernels, memory } = place(plan.byteLength);
    plan.writeConstants(memory);
    this.#steps = steps;
    this.#output = output.offset;
    this.#kernels = kernels;
    this.#memory = memory;
    this.info = {
      name: spec.name,
      role: 'student',
      task: 'classify',
      labels: spec.task.labels,
      multiLabel: spec.task.multiLabel,
      bytes: file.byteLength,
      backend,
      backendReason: reason,
      metrics: file.provenance.metrics ?? {},
      verified: setup.verified,
      memoryBytes: memory.byteLength,
      spec,
    };
  }

  /**
   * Labels with scores, best first.
   *
   * @throws InputError where `input` is neither a string nor an array of strings, or the student is disposed
   * @example
   * student.classify('you won a prize'); // [{ label: 'spam', score: 0.98 }, { label: 'ham', score: 0.02 }]
   */
  classify(input: string, options?: ClassifyOptions): RankedLabels;
  classify(input: readonly string[], options?: ClassifyOptions): readonly RankedLabels[];
  classify(input: string | readonly string[], options: ClassifyOptions = {}): RankedLabels | readonly RankedLabels[] {
    const topK = options.topK ?? this.info.labels.length;
    if (!Number.isInteger(topK) || topK < 1) throw new InputError(`topK: expected a positive integer, got ${topK}`);
    const top = (text: unknown, place: string): RankedLabels =>
      this.#predict(text, place).labels.slice(0, topK) as readonly LabelScore[] as RankedLabels;
    if (!Array.isArray(input)) return top(input, 'text');
    return input.map((text, i) => top(text, `texts[${i}]`));
  }

  /** One prediction a text: every label, the number of tokens, and whether the text was cut. */
  predict(texts: readonly string[]): readonly Prediction[] {
    if (!Array.isArray(texts)) throw new InputError(`texts: expected an array of strings, got ${typeof texts}`);
    return texts.map((text, i) => this.#predict(text, `texts[${i}]`));
  }

  /** Raw logits `[labels]` of one text, before softmax or sigmoid. */
  logits(text: string): Float32Array {
    this.#run(text, 'text');
    return new Float32Array(this.#memory, this.#output, this.info.labels.length).slice();
  }

  /** Token ids of a text as the student reads it. */
  tokenize(text: string): { readonly ids: Int32Array; readonly truncated: boolean } {
    if (typeof text !== 'string') throw notText('text', text);
    const { count, truncated } = this.#tokenizer.encode(text);
    return { ids: this.#tokenizer.ids.slice(0, count), truncated };
  }

  /** Frees the memory; every later prediction throws. */
  dispose(): void {
    this.#kernels = null;
    this.#memory = new ArrayBuffer(0);
  }

  #predict(text: unknown, place: string): Prediction {
    const { count, truncated } = this.#run(text, place);
    const { labels, multiLabel } = this.info;
    const logits = new Float32Array(this.#memory, this.#output, labels.length);
    const scores = multiLabel ? Array.from(logits, sigmoidF32) : softmax(logits);
    const ranked = labels.map((label, i) => ({ label, score: scores[i] })).sort((a, b) => b.score - a.score);
    return { labels: ranked, tokens: count, truncated };
  }

  #run(text: unknown, place: string): Encoding {
    if (this.#kernels === null) throw new InputError('student: expected a live student, got one after dispose()');
    if (typeof text !== 'string') throw notText(place, text);
    const encoding = this.#tokenizer.encode(text);
    const { ids } = this.#tokenizer;
    const target = new Int32Array(this.#memory, this.#ids, encoding.count);
    for (let i = 0; i < encoding.count; i++) target[i] = ids[i];
    for (const step of this.#steps) step(this.#kernels, encoding.count);
    return encoding;
  }
}

/** Says that a text is none. */
export function notText(place: string, value: unknown): InputError {
  return new InputError(`${place}: expected a string, got ${value === null ? 'null' : typeof value}`);
}

/** Softmax in f32: `exp(z - max)`, summed in the order of the labels. */
function softmax(logits: Float32Array): number[] {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = Array.from(logits, (logit) => expF32(Math.fround(logit - max)));
  const sum = exponentials.reduce((a, b) => Math.fround(a + b), 0);
  return exponentials.map((value) => Math.fround(value / sum));
}

/** A student, loaded and ready: tokenizer, planned layers, kernels. Prediction is synchronous and allocates no memory. */
import { InputError, type ParsedStudent, type StudentSpec } from '../format/index.ts';
import { type Backend, chooseKernels, type SimdModule } from './kernels/choose.ts';
import { expF32, sigmoidF32 } from './kernels/float.ts';
import type { Kernels } from './kernels/kernels.ts';
import { planStudent } from './layers/chain.ts';
import { Plan, rowsAt, type Step } from './plan.ts';
import type {
  LabelScore,
  Prediction,
  Predictor,
  PredictorInfo,
  PredictorInput,
  RankedLabels,
  TextPair,
} from './predictor.ts';
import { createTokenizer } from './tokenizers/create-tokenizer.ts';
import type { Tokenizer } from './tokenizers/tokenizer.ts';

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
  readonly simd: () => SimdModule;
  readonly kernels: 'auto' | Backend;
  readonly verified: boolean;
}

/** A distilled model in memory. One student answers one input at a time. */
export class Student implements Predictor {
  readonly info: StudentInfo;
  /** Null where an image is read. */
  readonly #tokenizer: Tokenizer | null;
  readonly #steps: readonly Step[];
  readonly #stepsPerText: number;
  /** Where ids or pixels go, and where logits come out. */
  readonly #input: number;
  /** Values of an image. */
  readonly #inputSize: number;
  readonly #output: number;
  #kernels: Kernels | null;
  #memory: ArrayBuffer;

  constructor(file: ParsedStudent, setup: StudentSetup) {
    const { spec, tensors, isFloat } = file;
    const text = 'tokenizer' in spec ? spec : null;
    const plan = new Plan(tensors, text?.maxTokens ?? 1, isFloat);
    this.#tokenizer = text && createTokenizer(text.tokenizer, text, tensors);
    const { steps, output, stepsPerText, input } = planStudent(plan, spec);
    const { kernels, memory, backend, reason } = chooseKernels(plan.byteLength, isFloat, setup.simd, setup.kernels);
    plan.writeConstants(memory);
    this.#steps = steps;
    this.#stepsPerText = stepsPerText;
    this.#input = input.offset;
    this.#inputSize = input.width * rowsAt(input, 0);
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
   * @param input what the student reads: a text, two of them, or the pixels of an image; or an array of such inputs
   * @throws InputError where it is something else, or the student is disposed
   * @example
   * student.classify('you won a prize'); // [{ label: 'spam', score: 0.98 }, { label: 'ham', score: 0.02 }]
   * student.classify({ text: 'A man sings.', pair: 'Someone is singing.' }); // [{ label: 'same', score: 0.91 }, ...]
   */
  classify(input: PredictorInput, options?: ClassifyOptions): RankedLabels;
  classify(input: readonly PredictorInput[], options?: ClassifyOptions): readonly RankedLabels[];
  classify(
    input: PredictorInput | readonly PredictorInput[],
    options: ClassifyOptions = {},
  ): RankedLabels | readonly RankedLabels[] {
    const topK = options.topK ?? this.info.labels.length;
    if (!Number.isInteger(topK) || topK < 1) throw new InputError(`topK: expected a positive integer, got ${topK}`);
    const top = (one: unknown, place: string): RankedLabels =>
      this.#predict(one, place).labels.slice(0, topK) as readonly LabelScore[] as RankedLabels;
    if (!Array.isArray(input)) return top(input, 'input');
    return input.map((one, i) => top(one, `inputs[${i}]`));
  }

  /** One prediction an input: every label, the number of tokens, and whether a text was cut. */
  predict(inputs: readonly PredictorInput[]): readonly Prediction[] {
    if (!Array.isArray(inputs)) throw new InputError(`inputs: expected an array, got ${typeof inputs}`);
    return inputs.map((one, i) => this.#predict(one, `inputs[${i}]`));
  }

  /** Raw logits `[labels]` of one input, before softmax or sigmoid. */
  logits(input: PredictorInput): Float32Array {
    this.#run(input, 'input');
    return new Float32Array(this.#memory, this.#output, this.info.labels.length).slice();
  }

  /** Token ids of a text as the student reads it. @throws InputError where it reads images */
  tokenize(text: string): { readonly ids: Int32Array; readonly truncated: boolean } {
    if (this.#tokenizer === null) throw wrongInput('student', 'one that reads texts', this.info.spec.input);
    if (typeof text !== 'string') throw wrongInput('text', 'a string', text);
    const { count, truncated } = this.#tokenizer.encode(text);
    return { ids: this.#tokenizer.ids.slice(0, count), truncated };
  }

  /** Frees the memory; every later prediction throws. */
  dispose(): void {
    this.#kernels = null;
    this.#memory = new ArrayBuffer(0);
  }

  #predict(input: unknown, place: string): Prediction {
    const read = this.#run(input, place);
    const { labels, multiLabel } = this.info;
    const logits = new Float32Array(this.#memory, this.#output, labels.length);
    const scores = multiLabel ? Array.from(logits, sigmoidF32) : softmax(logits);
    const ranked = labels.map((label, i) => ({ label, score: scores[i] })).sort((a, b) => b.score - a.score);
    return { labels: ranked, ...read };
  }

  #run(input: unknown, place: string): Pick<Prediction, 'tokens' | 'truncated'> {
    const kernels = this.#kernels;
    if (kernels === null) throw new InputError('student: expected a live student, got one after dispose()');
    const tokenizer = this.#tokenizer;
    if (tokenizer === null) {
      const target = new Float32Array(this.#memory, this.#input, this.#inputSize);
      if (!(input instanceof Uint8Array) || input.length !== target.length) {
        throw wrongInput(place, `a Uint8Array of ${target.length} bytes`, input);
      }
      for (let i = 0; i < target.length; i++) target[i] = input[i] / 255;
      for (const step of this.#steps) step(kernels, 1);
      return { tokens: null, truncated: false };
    }
    let tokens = 0;
    let truncated = false;
    for (const text of this.#textsOf(input, place)) {
      const encoding = tokenizer.encode(text);
      const { count } = encoding;
      const target = new Int32Array(this.#memory, this.#input, count);
      for (let i = 0; i < count; i++) target[i] = tokenizer.ids[i];
      for (let i = 0; i < this.#stepsPerText; i++) this.#steps[i](kernels, count);
      tokens += count;
      truncated ||= encoding.truncated;
    }
    for (let i = this.#stepsPerText; i < this.#steps.length; i++) this.#steps[i](kernels, 1);
    return { tokens, truncated };
  }

  #textsOf(input: unknown, place: string): readonly string[] {
    const readsPair = this.info.spec.input !== undefined;
    const { text, pair } = (input ?? {}) as Partial<TextPair>;
    const texts = readsPair ? [text, pair] : [input];
    if (texts.every((one) => typeof one === 'string')) return texts;
    throw wrongInput(place, readsPair ? '{ text, pair }, two strings' : 'a string', input);
  }
}

function wrongInput(place: string, expected: string, got: unknown): InputError {
  const what = got instanceof Uint8Array ? `one of ${got.length}` : got === null ? 'null' : typeof got;
  return new InputError(`${place}: expected ${expected}, got ${what}`);
}

/** Softmax in f32: `exp(z - max)`, summed in the order of the labels. */
function softmax(logits: Float32Array): number[] {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = Array.from(logits, (logit) => expF32(Math.fround(logit - max)));
  const sum = exponentials.reduce((a, b) => Math.fround(a + b), 0);
  return exponentials.map((value) => Math.fround(value / sum));
}

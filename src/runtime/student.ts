/**
 * A student, loaded and ready: tokenizer, planned layers, kernels. Prediction is synchronous and grows no linear memory.
 */
import {
  alignedWidth,
  InputError,
  type ParsedStudent,
  type StudentSpec,
  type TaskKind,
  type TextStudentSpec,
  taskLabels,
} from '../format/index.ts';
import { pixelsOf, textsOf, wrongInput } from './inputs.ts';
import { type Backend, chooseKernels, type HostModules } from './kernels/choose.ts';
import { expF32, sigmoidF32, sumF32, weightsOf } from './kernels/float.ts';
import type { Kernels } from './kernels/kernels.ts';
import { planStudent } from './layers/chain.ts';
import { type Flowing, Plan, rowsAt, type Step } from './plan.ts';
import type { LabelScore, Prediction, Predictor, PredictorInfo, PredictorInput, RankedLabels } from './predictor.ts';
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

/** A word with its label. */
export interface TaggedWord extends LabelScore {
  readonly word: string;
  /** First UTF-16 code unit of the text, and the one behind the last. */
  readonly start: number;
  readonly end: number;
}

/** Options of {@link Student.embed}. */
export interface EmbedOptions {
  /** Values of a vector, its first ones (Kusupati et al. 2022, arXiv:2205.13147); all of them where it is left out. */
  readonly size?: number;
}

/** What was read of an input. */
interface Reading extends Pick<Prediction, 'tokens' | 'truncated'> {
  /** To tag, where the words are. */
  readonly words?: Encoding['words'];
}

/** How a student is set up; doors fill it in. */
export interface StudentSetup {
  readonly modules: () => HostModules;
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
  readonly #input: Flowing;
  readonly #output: Flowing;
  #kernels: Kernels | null;
  #memory: ArrayBuffer;

  constructor(file: ParsedStudent, setup: StudentSetup) {
    const { spec, tensors, isFloat } = file;
    const { task } = spec;
    const text = 'tokenizer' in spec ? spec : null;
    const { backend, reason, group, place } = chooseKernels(isFloat, setup.modules, setup.kernels);
    const plan = new Plan(tensors, text?.maxTokens ?? 1, group);
    this.#tokenizer = text && createTokenizer(text.tokenizer, text, tensors, file.pieces);
    const { steps, output, stepsPerText, input } = planStudent(plan, spec);
    const { kernels, memory } = place(plan.byteLength);
    plan.writeConstants(memory);
    this.#steps = steps;
    this.#stepsPerText = stepsPerText;
    this.#input = input;
    this.#output = output;
    this.#kernels = kernels;
    this.#memory = memory;
    this.info = {
      name: spec.name,
      role: 'student',
      task: task.kind,
      labels: taskLabels(task),
      multiLabel: task.kind === 'classify' && task.multiLabel,
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
    const { topK } = options;
    if (topK !== undefined) checkCount('topK', topK);
    return this.#each(
      'classify',
      input,
      (read) => this.#ranked(read).labels.slice(0, topK) as readonly LabelScore[] as RankedLabels,
    );
  }

  /**
   * The words of a text, which white space parts, each with its best label. Words that lie behind what the student reads
   * are left out. Where words are known already, join them by spaces.
   *
   * @throws InputError as {@link classify}
   * @example
   * student.tag('play some jazz'); // [..., { word: 'jazz', start: 10, end: 14, label: 'B-genre', score: 0.97 }]
   */
  tag(input: string): readonly TaggedWord[];
  tag(input: readonly string[]): readonly (readonly TaggedWord[])[];
  tag(input: string | readonly string[]): readonly TaggedWord[] | readonly (readonly TaggedWord[])[] {
    return this.#each('tag', input, ({ words }, text) =>
      words!.map(({ start, end, token }) => {
        const scores = softmax(this.#row(token));
        const best = scores.reduce((top, score, i) => (score > scores[top] ? i : top), 0);
        return {
          word: (text as string).slice(start, end),
          start,
          end,
          label: this.info.labels[best],
          score: scores[best],
        };
      }),
    );
  }

  /**
   * The vector of a text, of length 1; zeros where the network gives zeros.
   *
   * @throws InputError as {@link classify}, and where `size` is not from 1 to the width of the student
   */
  embed(input: PredictorInput, options?: EmbedOptions): Float32Array;
  embed(input: readonly PredictorInput[], options?: EmbedOptions): readonly Float32Array[];
  embed(
    input: PredictorInput | readonly PredictorInput[],
    options: EmbedOptions = {},
  ): Float32Array | readonly Float32Array[] {
    const { width } = this.#output;
    const size = options.size ?? width;
    checkCount('size', size, width);
    return this.#each('embed', input, () => normalize(this.#row(0).slice(0, size)));
  }

  /** One prediction an input: every label, the number of tokens, and whether a text was cut. */
  predict(inputs: readonly PredictorInput[]): readonly Prediction[] {
    if (!Array.isArray(inputs)) throw new InputError(`inputs: expected an array, got ${typeof inputs}`);
    return this.#each('classify', inputs, (read) => this.#ranked(read));
  }

  /**
   * What the last layer makes of one input: logits `[labels]` before softmax or sigmoid; to tag, those of its words,
   * `[words, labels]`; to embed, the vector before it is normalized.
   */
  logits(input: PredictorInput): Float32Array {
    const { words } = this.#run(input, 'input');
    if (words === undefined) return this.#row(0).slice();
    const { width } = this.#output;
    const logits = new Float32Array(words.length * width);
    for (const [i, { token }] of words.entries()) logits.set(this.#row(token), i * width);
    return logits;
  }

  /** Token ids of a text as the student reads it. @throws InputError where it reads images */
  tokenize(text: string): { readonly ids: Int32Array; readonly truncated: boolean } {
    if (this.#tokenizer === null) throw wrongInput('student', 'one that reads texts', this.info.spec.input);
    if (typeof text !== 'string') throw wrongInput('text', 'a string', text);
    const { count, truncated } = this.#encode(this.#tokenizer, text);
    return { ids: this.#tokenizer.ids.slice(0, count), truncated };
  }

  /** Frees the memory; every later prediction throws. */
  dispose(): void {
    this.#kernels = null;
    this.#memory = new ArrayBuffer(0);
  }

  /** Answers for one input or for each of several, as only a student of this task does. */
  #each<Answer>(
    task: TaskKind,
    input: PredictorInput | readonly PredictorInput[],
    answer: (read: Reading, input: PredictorInput) => Answer,
  ): Answer & readonly Answer[] {
    const { info } = this;
    if (info.task !== task) {
      const message = `student ${info.name}: expected one to ${task}, got one to ${info.task}; call ${info.task}()`;
      throw new InputError(message, { code: 'wrong_task' });
    }
    const one = (input: PredictorInput, place: string): Answer => answer(this.#run(input, place), input);
    return (
      Array.isArray(input) ? input.map((each, i) => one(each, `inputs[${i}]`)) : one(input as PredictorInput, 'input')
    ) as Answer & readonly Answer[];
  }

  #ranked({ tokens, truncated }: Reading): Prediction {
    const { labels, multiLabel } = this.info;
    const logits = this.#row(0);
    const scores = multiLabel ? Array.from(logits, sigmoidF32) : softmax(logits);
    const ranked = labels.map((label, i) => ({ label, score: scores[i] })).sort((a, b) => b.score - a.score);
    return { labels: ranked, tokens, truncated };
  }

  /** A row of what the last layer wrote. */
  #row(row: number): Float32Array {
    const { offset, width } = this.#output;
    return new Float32Array(this.#memory, offset + 4 * alignedWidth(width) * row, width);
  }

  #encode(tokenizer: Tokenizer, text: string): Encoding {
    return this.info.task === 'tag' ? tokenizer.encodeWords!(text) : tokenizer.encode(text);
  }

  #run(input: unknown, place: string): Reading {
    const kernels = this.#kernels;
    if (kernels === null) throw new InputError('student: expected a live student, got one after dispose()');
    const tokenizer = this.#tokenizer;
    if (tokenizer === null) {
      const { offset, width } = this.#input;
      const [size, stride] = [width * rowsAt(this.#input, 0), alignedWidth(width)];
      const pixels = pixelsOf(size, input, place);
      const target = new Float32Array(this.#memory, offset);
      for (let i = 0; i < size; i++) target[Math.floor(i / width) * stride + (i % width)] = pixels[i] / 255;
      for (const step of this.#steps) step(kernels, 1);
      return { tokens: null, truncated: false };
    }
    let tokens = 0;
    let truncated = false;
    let words: Encoding['words'];
    for (const text of textsOf(this.info.spec as TextStudentSpec, input, place)) {
      const encoding = this.#encode(tokenizer, text);
      const { count } = encoding;
      const target = new Int32Array(this.#memory, this.#input.offset, count);
      for (let i = 0; i < count; i++) target[i] = tokenizer.ids[i];
      for (let i = 0; i < this.#stepsPerText; i++) this.#steps[i](kernels, count);
      tokens += count;
      truncated ||= encoding.truncated;
      words = encoding.words;
    }
    for (let i = this.#stepsPerText; i < this.#steps.length; i++) this.#steps[i](kernels, 1);
    return { tokens, truncated, words };
  }
}

function checkCount(name: string, count: number, max?: number): void {
  if (Number.isInteger(count) && count >= 1 && (max === undefined || count <= max)) return;
  throw new InputError(`${name}: expected an integer from 1 ${max ? `to ${max}` : 'on'}, got ${count}`);
}

/** Softmax in f32: `exp(z - max)`, summed in the order of the labels. */
function softmax(logits: Float32Array): number[] {
  const powers = weightsOf(logits, expF32);
  const sum = sumF32(powers);
  return Array.from(powers.map((power) => power / sum));
}

/** The vector of length 1 in the direction of `vector`; f32, summed from the first value on. */
function normalize(vector: Float32Array): Float32Array {
  const length = Math.fround(Math.sqrt(sumF32(vector.map((value) => value * value))));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

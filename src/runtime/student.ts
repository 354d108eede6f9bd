/** A student, loaded and ready: tokenizer, planned layers, kernels. Prediction is synchronous and allocates no memory. */
import {
  InputError,
  layerName,
  type ParsedStudent,
  type StudentSpec,
  type TaskKind,
  taskLabels,
} from '../format/index.ts';
import { type Backend, chooseKernels, type HostModules } from './kernels/choose.ts';
import { expF32, sigmoidF32 } from './kernels/float.ts';
import type { Kernels } from './kernels/kernels.ts';
import { planStudent } from './layers/chain.ts';
import { type Flowing, Plan, type Step } from './plan.ts';
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
  readonly #output: Flowing;
  #kernels: Kernels | null;
  #memory: ArrayBuffer;

  constructor(file: ParsedStudent, setup: StudentSetup) {
    const { spec, tensors } = file;
    const { task } = spec;
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
   * @throws InputError where `input` is neither a string nor an array of strings, or the student is disposed
   * @example
   * student.classify('you won a prize'); // [{ label: 'spam', score: 0.98 }, { label: 'ham', score: 0.02 }]
   */
  classify(input: string, options?: ClassifyOptions): RankedLabels;
  classify(input: readonly string[], options?: ClassifyOptions): readonly RankedLabels[];
  classify(input: string | readonly string[], options: ClassifyOptions = {}): RankedLabels | readonly RankedLabels[] {
    const topK = options.topK ?? this.info.labels.length;
    checkCount('topK', topK);
    return this.#each(
      'classify',
      input,
      (encoding) => this.#ranked(encoding).labels.slice(0, topK) as readonly LabelScore[] as RankedLabels,
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
        return { word: text.slice(start, end), start, end, label: this.info.labels[best], score: scores[best] };
      }),
    );
  }

  /**
   * The vector of a text, of length 1; zeros where the network gives zeros.
   *
   * @throws InputError as {@link classify}, and where `size` is not from 1 to the width of the student
   */
  embed(input: string, options?: EmbedOptions): Float32Array;
  embed(input: readonly string[], options?: EmbedOptions): readonly Float32Array[];
  embed(input: string | readonly string[], options: EmbedOptions = {}): Float32Array | readonly Float32Array[] {
    const { width } = this.#output;
    const size = options.size ?? width;
    checkCount('size', size, width);
    return this.#each('embed', input, () => normalize(this.#row(0).slice(0, size)));
  }

  /** One prediction a text: every label, the number of tokens, and whether the text was cut. */
  predict(texts: readonly string[]): readonly Prediction[] {
    if (!Array.isArray(texts)) throw new InputError(`texts: expected an array of strings, got ${typeof texts}`);
    return this.#each('classify', texts, (encoding) => this.#ranked(encoding));
  }

  /**
   * What the last layer makes of one text: logits `[labels]` before softmax or sigmoid; to tag, those of its words,
   * `[words, labels]`; to embed, the vector before it is normalized.
   */
  logits(text: string): Float32Array {
    const { words } = this.#run(text, 'text');
    if (words === undefined) return this.#row(0).slice();
    const { width } = this.#output;
    const logits = new Float32Array(words.length * width);
    for (const [i, { token }] of words.entries()) logits.set(this.#row(token), i * width);
    return logits;
  }

  /** Token ids of a text as the student reads it. */
  tokenize(text: string): { readonly ids: Int32Array; readonly truncated: boolean } {
    if (typeof text !== 'string') throw notText('text', text);
    const { count, truncated } = this.#encode(text);
    return { ids: this.#tokenizer.ids.slice(0, count), truncated };
  }

  /** Frees the memory; every later prediction throws. */
  dispose(): void {
    this.#kernels = null;
    this.#memory = new ArrayBuffer(0);
  }

  /** Answers for one text or for each of several, as only a student of this task does. */
  #each<Answer>(
    task: TaskKind,
    input: string | readonly string[],
    answer: (encoding: Encoding, text: string) => Answer,
  ): Answer & readonly Answer[] {
    const { info } = this;
    if (info.task !== task) {
      const message = `student ${info.name}: expected one to ${task}, got one to ${info.task}; call ${info.task}()`;
      throw new InputError(message, { code: 'wrong_task' });
    }
    const one = (text: string, place: string): Answer => answer(this.#run(text, place), text);
    return (
      Array.isArray(input) ? input.map((text, i) => one(text, `texts[${i}]`)) : one(input as string, 'text')
    ) as Answer & readonly Answer[];
  }

  #ranked({ count, truncated }: Encoding): Prediction {
    const { labels, multiLabel } = this.info;
    const logits = this.#row(0);
    const scores = multiLabel ? Array.from(logits, sigmoidF32) : softmax(logits);
    const ranked = labels.map((label, i) => ({ label, score: scores[i] })).sort((a, b) => b.score - a.score);
    return { labels: ranked, tokens: count, truncated };
  }

  /** A row of what the last layer wrote. */
  #row(row: number): Float32Array {
    const { offset, width } = this.#output;
    return new Float32Array(this.#memory, offset + 4 * width * row, width);
  }

  #encode(text: string): Encoding {
    return this.info.task === 'tag' ? this.#tokenizer.encodeWords!(text) : this.#tokenizer.encode(text);
  }

  #run(text: unknown, place: string): Encoding {
    if (this.#kernels === null) throw new InputError('student: expected a live student, got one after dispose()');
    if (typeof text !== 'string') throw notText(place, text);
    const encoding = this.#encode(text);
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

function checkCount(name: string, count: number, max = Number.POSITIVE_INFINITY): void {
  if (Number.isInteger(count) && count >= 1 && count <= max) return;
  throw new InputError(`${name}: expected an integer from 1 to ${max}, got ${count}`);
}

/** Softmax in f32: `exp(z - max)`, summed in the order of the labels. */
function softmax(logits: Float32Array): number[] {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = Array.from(logits, (logit) => expF32(Math.fround(logit - max)));
  const sum = exponentials.reduce((a, b) => Math.fround(a + b), 0);
  return exponentials.map((value) => Math.fround(value / sum));
}

/** The vector of length 1 in the direction of `vector`; f32, summed from the first value on. */
function normalize(vector: Float32Array): Float32Array {
  const square = vector.reduce((sum, value) => Math.fround(sum + Math.fround(value * value)), 0);
  const length = Math.fround(Math.sqrt(square));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

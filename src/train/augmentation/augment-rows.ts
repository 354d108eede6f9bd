/**
 * More rows for the teacher to label: variations of the training rows, none of which stands in the data already or is, but
 * for case, spaces and punctuation, a text that something is measured on.
 *
 * What becomes of a row depends on the seed and its id, and on the other rows as a set, never on their order.
 */
import { createHash } from 'node:crypto';
import { InputError } from '../../format/index.ts';
import { contentHash } from '../data/content-hash.ts';
import type { Dataset, Row } from '../data/dataset.ts';
import { normalizedTexts } from '../data/leaks.ts';
import { normalizeText } from '../data/normalize-text.ts';
import { createRandom, type Random } from '../random.ts';
import { drawWeighted } from './draws.ts';
import type { AugmentationContext } from './method.ts';
import { METHOD_NAMES, type MethodName, type MethodWeights, methodOf, NO_METHODS } from './methods.ts';
import { learnWordClasses } from './word-classes.ts';

/** Attempts for a row, on average over the rows that one training row is to give. */
const ATTEMPTS = 8;

/** How many rows are made, and how. */
export interface AugmentationSpec {
  /** Augmented rows for each training row. */
  readonly factor: number;
  readonly methods: MethodWeights;
  /** Probability that a word is changed, for the methods that change words. */
  readonly rate: number;
  /** What stands in place of a masked word; where it is empty, the word is left out. */
  readonly maskToken: string;
  readonly seed: number;
}

/** What came of it. Plain data. */
export interface AugmentationReport {
  /** `factor` times the training rows; fewer are made where texts are too short to be varied. */
  readonly wanted: number;
  readonly made: number;
  readonly byMethod: MethodWeights;
  /** Attempts that gave a text that the transfer set has, with those that changed nothing. */
  readonly repeated: number;
  /** Attempts that gave a text of dev or test, but for case, spaces and punctuation. */
  readonly heldOut: number;
}

/** Unlabelled rows, and how they came about. */
export interface AugmentedRows {
  readonly rows: readonly Row[];
  readonly report: AugmentationReport;
}

/**
 * Makes rows; their ids are hashes of their texts, and `origin` says which row each was made from.
 *
 * @throws InputError with code `invalid_config` where teacher and student read different fields: what was changed for one
 * would no longer belong to what the other reads
 */
export function augmentRows(dataset: Dataset, spec: AugmentationSpec): AugmentedRows {
  const { train, teacherField, studentField } = dataset;
  if (teacherField !== studentField) {
    const message = `augment: expected one field for teacher and student, got ${teacherField} and ${studentField}; leave augment out`;
    throw new InputError(message, { code: 'invalid_config' });
  }
  const origins = [...train].sort((a, b) => (a.id < b.id ? -1 : 1));
  const texts = origins.map(({ fields }) => fields[studentField]);
  const context: AugmentationContext = { ...spec, texts, classes: learnWordClasses(texts) };
  const collector = new Collector(dataset);
  // A factor of 1.5 gives every row one and every second row another, which ones decided by their order by id.
  const due = (rows: number): number => Math.round(rows * spec.factor);
  for (const [i, origin] of origins.entries()) {
    const random = createRandom(seedOf(origin, spec.seed));
    collector.collect(origin, due(i + 1) - due(i), spec.methods, context, random);
  }
  return { rows: collector.rows, report: { wanted: due(train.length), ...collector.report() } };
}

function seedOf({ id }: Row, seed: number): number {
  return createHash('sha256').update(`augment:${seed}:${id}`).digest().readUInt32LE(0);
}

class Collector {
  readonly rows: Row[] = [];
  readonly #field: string;
  readonly #known: Set<string>;
  readonly #heldOutTexts: ReadonlySet<string>;
  readonly #byMethod: Record<MethodName, number> = { ...NO_METHODS };
  #repeated = 0;
  #heldOut = 0;

  constructor(dataset: Dataset) {
    const { train, dev, test, studentField } = dataset;
    this.#field = studentField;
    this.#known = new Set(train.map(({ fields }) => fields[studentField]));
    this.#heldOutTexts = normalizedTexts([...dev, ...test], dataset);
  }

  /** Makes up to `count` rows from one. */
  collect(origin: Row, count: number, weights: MethodWeights, context: AugmentationContext, random: Random): void {
    const cumulative = cumulate(METHOD_NAMES.map((name) => weights[name]));
    let wanted = count;
    for (let attempt = 0; attempt < count * ATTEMPTS && wanted > 0; attempt++) {
      const method = METHOD_NAMES[drawWeighted(random, cumulative)];
      const text = methodOf(method)(origin.fields[this.#field], random, context);
      if (this.#take(text, origin, method)) wanted--;
    }
  }

  report(): Omit<AugmentationReport, 'wanted'> {
    return { made: this.rows.length, byMethod: this.#byMethod, repeated: this.#repeated, heldOut: this.#heldOut };
  }

  #take(text: string, origin: Row, method: MethodName): boolean {
    if (text.trim() === '' || this.#known.has(text)) {
      this.#repeated++;
      return false;
    }
    if (this.#heldOutTexts.has(normalizeText(text))) {
      this.#heldOut++;
      return false;
    }
    this.#known.add(text);
    this.#byMethod[method]++;
    const fields = { [this.#field]: text };
    this.rows.push({ id: contentHash(fields), fields, labels: null, origin: { id: origin.id, method } });
    return true;
  }
}

function cumulate(weights: readonly number[]): readonly number[] {
  let total = 0;
  return weights.map((weight) => {
    total += weight;
    return total;
  });
}

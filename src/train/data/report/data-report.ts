/**
 * What is in the data, before anybody trains on it: rows, labels, empty rows, duplicates, contradictions, lengths, what
 * a limit on the length cuts off, and which held-out texts were seen in training.
 */
import { normalizeText } from '../normalize-text.ts';
import { LengthCounter, type LengthDistribution } from './length-distribution.ts';
import { type Contradiction, TextCounter } from './text-counter.ts';

/** Examples of each kind that a report keeps. */
const MAX_EXAMPLES = 5;

/** A row as a report sees it; a text of nothing but spaces counts as an empty row. */
export interface ReportedRow {
  readonly text: string;
  readonly labels: readonly string[] | null;
  /** How an example names it, e.g. file and line. */
  readonly place: string;
  /** Names of the columns of its file; absent where it comes from none. */
  readonly columns?: readonly string[];
}

/** Rows of one split, and what it is called. */
export interface ReportedSplit {
  readonly name: string;
  /** Whether something is measured on it: then none of its texts may be in the others. */
  readonly heldOut: boolean;
  readonly rows: Iterable<ReportedRow> | AsyncIterable<ReportedRow>;
}

/** A reader of texts that sees no more than so many UTF-16 code units of them. */
export interface CharacterLimit {
  /** The teacher, or the name of a student. */
  readonly reader: string;
  readonly maxCharacters: number;
}

/** A reader of texts that sees no more than so many tokens of them. */
export interface TokenLimit {
  readonly reader: string;
  readonly maxTokens: number;
  /** Whether a text has more. */
  exceeds(text: string): boolean;
}

/** A reader of texts that sees no more than their beginning. */
export type TextLimit = CharacterLimit | TokenLimit;

/** Something counted on the texts as they are, and on their {@link normalizeText} forms, which includes the former. */
export interface ExactAndNormalized {
  readonly exact: number;
  readonly normalized: number;
}

/** One split. Plain data. */
export interface SplitReport {
  readonly name: string;
  /** Of the first row; none where the rows come from no file. */
  readonly columns: readonly string[];
  /** All rows, empty ones included. */
  readonly rows: number;
  readonly labelled: number;
  readonly empty: number;
  /** Places of the first empty rows. */
  readonly emptyPlaces: readonly string[];
  /** Rows of each label, the most frequent first; a row of several labels counts for each. */
  readonly labels: readonly { readonly label: string; readonly rows: number }[];
  /** Rows beyond the first one of their text. */
  readonly duplicates: ExactAndNormalized;
  /** Texts that have two different labels. */
  readonly contradictions: ExactAndNormalized & { readonly examples: readonly Contradiction[] };
  /** In UTF-16 code units. */
  readonly characters: LengthDistribution;
  /** Stretches between spaces. */
  readonly words: LengthDistribution;
  /** Rows that are longer than each limit. */
  readonly truncated: readonly ((CharacterLimit | Omit<TokenLimit, 'exceeds'>) & { readonly rows: number })[];
}

/** Rows of `split` whose text stands in the held-out split `in` too. */
export interface LeakReport extends ExactAndNormalized {
  readonly split: string;
  readonly in: string;
}

/** What is in the data. Plain data, for `--json` and for a section of the report. */
export interface DataReport {
  readonly splits: readonly SplitReport[];
  /** Every pair of splits of which the second is held out; zeros where nothing leaks. */
  readonly leaks: readonly LeakReport[];
}

/** Counts all rows once, in one pass; memory holds a hash a text. */
export async function reportData(
  splits: readonly ReportedSplit[],
  limits: readonly TextLimit[],
  signal?: AbortSignal,
): Promise<DataReport> {
  const counters: SplitCounter[] = [];
  for (const split of splits) {
    const counter = new SplitCounter(split, limits);
    for await (const row of split.rows) {
      counter.add(row);
      signal?.throwIfAborted();
    }
    counters.push(counter);
  }
  return { splits: counters.map((counter) => counter.report()), leaks: leaksOf(counters) };
}

function leaksOf(counters: readonly SplitCounter[]): readonly LeakReport[] {
  return counters.flatMap((held, position) =>
    held.heldOut
      ? counters
          .filter((other, i) => other !== held && (!other.heldOut || i < position))
          .map((other) => ({
            split: other.name,
            in: held.name,
            exact: other.exact.rowsIn(held.exact),
            normalized: other.normalized.rowsIn(held.normalized),
          }))
      : [],
  );
}

class SplitCounter {
  readonly name: string;
  readonly heldOut: boolean;
  readonly exact = new TextCounter(MAX_EXAMPLES);
  readonly normalized = new TextCounter(MAX_EXAMPLES);
  readonly #characters = new LengthCounter();
  readonly #words = new LengthCounter();
  readonly #labels = new Map<string, number>();
  readonly #emptyPlaces: string[] = [];
  readonly #limits: readonly TextLimit[];
  /** Of each limit in tokens. */
  readonly #exceeding = new Map<TextLimit, number>();
  #columns: readonly string[] = [];
  #rows = 0;
  #labelled = 0;
  #empty = 0;

  constructor({ name, heldOut }: ReportedSplit, limits: readonly TextLimit[]) {
    this.name = name;
    this.heldOut = heldOut;
    this.#limits = limits;
  }

  add({ text, labels, place, columns = [] }: ReportedRow): void {
    if (this.#rows === 0) this.#columns = columns;
    this.#rows++;
    if (labels !== null) this.#labelled++;
    for (const label of labels ?? []) this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
    const trimmed = text.trim();
    if (trimmed === '') {
      this.#empty++;
      if (this.#emptyPlaces.length < MAX_EXAMPLES) this.#emptyPlaces.push(place);
      return;
    }
    this.exact.add(text, text, labels, place);
    this.normalized.add(normalizeText(text), text, labels, place);
    this.#characters.add(text.length);
    this.#words.add(trimmed.split(/\s+/).length);
    for (const limit of this.#limits) {
      if ('exceeds' in limit && limit.exceeds(text)) this.#exceeding.set(limit, (this.#exceeding.get(limit) ?? 0) + 1);
    }
  }

  report(): SplitReport {
    const { exact, normalized } = this;
    return {
      name: this.name,
      columns: this.#columns,
      rows: this.#rows,
      labelled: this.#labelled,
      empty: this.#empty,
      emptyPlaces: this.#emptyPlaces,
      labels: [...this.#labels]
        .map(([label, rows]) => ({ label, rows }))
        .sort((a, b) => b.rows - a.rows || (a.label < b.label ? -1 : 1)),
      duplicates: { exact: exact.duplicates, normalized: normalized.duplicates },
      contradictions: {
        exact: exact.contradictions,
        normalized: normalized.contradictions,
        examples: normalized.examples,
      },
      characters: this.#characters.distribution(),
      words: this.#words.distribution(),
      truncated: this.#limits.map((limit) => {
        if ('maxCharacters' in limit) return { ...limit, rows: this.#characters.rowsAbove(limit.maxCharacters) };
        return { reader: limit.reader, maxTokens: limit.maxTokens, rows: this.#exceeding.get(limit) ?? 0 };
      }),
    };
  }
}

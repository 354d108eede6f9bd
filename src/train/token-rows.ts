/**
 * Which rows of the token tables a batch reads. Its texts are numbered anew, by the place of each id among the ids of
 * the batch, so that a network reads small tables that hold these rows alone.
 */
import { PADDING_ID, type TokenBatch } from './token-batch.ts';

/** A batch and the rows that it reads. */
export interface LocalBatch {
  /** Ascending, each once, at least one: no tensor is empty. */
  readonly rows: Int32Array;
  /** The texts, with places in `rows` for ids. */
  readonly tokens: TokenBatch;
}

const ABSENT = -1;

/** Numbers the tokens of batches anew. */
export class TokenRows {
  /** Place of each id in the batch at hand; {@link ABSENT} in between. */
  readonly #places: Int32Array;

  /** @param vocabSize every id is below it */
  constructor(vocabSize: number) {
    this.#places = new Int32Array(vocabSize).fill(ABSENT);
  }

  localize(tokens: TokenBatch): LocalBatch {
    const { ids } = tokens;
    const places = this.#places;
    const found: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i];
      if (id === PADDING_ID || places[id] !== ABSENT) continue;
      places[id] = 0;
      found.push(id);
    }
    // A batch of empty texts reads a row that gets a gradient of 0.
    const rows = found.length === 0 ? Int32Array.of(0) : Int32Array.from(found).sort();
    for (let place = 0; place < rows.length; place++) places[rows[place]] = place;
    const local = new Int32Array(ids.length).fill(PADDING_ID);
    for (let i = 0; i < ids.length; i++) if (ids[i] !== PADDING_ID) local[i] = places[ids[i]];
    for (let place = 0; place < rows.length; place++) places[rows[place]] = ABSENT;
    return { rows, tokens: { ...tokens, ids: local } };
  }
}

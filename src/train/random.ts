/**
 * The one source of randomness of a run: xoshiro128** 1.1 (Blackman & Vigna 2018, arXiv:1805.01407), whose state of
 * four 32-bit words is filled from the seed by a counter and a 32-bit mixing function. Weights, shuffles and dropout
 * all draw from one generator, so a checkpoint that holds the four words continues with exactly the same numbers.
 * `Math.random`, which TensorFlow.js falls back to, cannot be seeded.
 */
import { InputError } from '../format/index.ts';

/** The four words of a generator; JSON. */
export type RandomState = readonly [number, number, number, number];

/** A seeded generator. Every call advances it. */
export interface Random {
  /** @returns an integer, `0 <= n < 2^32` */
  uint32(): number;
  /** @returns a number with 24 random bits, `0 <= x < 1` */
  uniform(): number;
  /** @returns `length` normal numbers of mean 0 */
  normals(length: number, standardDeviation: number): Float32Array;
  /** Brings `items` into a random order, in place. */
  shuffle<T>(items: T[]): void;
  /** @returns `length` numbers that are 0 with probability `rate` and `1 / (1 - rate)` otherwise, so the mean is 1 */
  dropoutMask(length: number, rate: number): Float32Array;
  /** @returns what {@link restoreRandom} needs to go on from here */
  state(): RandomState;
}

const GOLDEN_RATIO = 0x9e3779b9;

/** Two-round mixing function from Wellons, github.com/skeeto/hash-prospector: each input bit moves each output bit. */
function mix(word: number): number {
  let x = word >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * Starts a generator from a seed.
 *
 * @param seed an integer, `0 <= seed < 2^32`
 * @param stream integers that name one of many streams of the seed, e.g. step and shard
 * @throws InputError where the seed is anything else
 */
export function createRandom(seed: number, ...stream: readonly number[]): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InputError(`seed: expected an integer from 0 to 4294967295, got ${seed}; choose one in that range`);
  }
  const start = stream.reduce((word, name) => mix(word ^ mix(name + GOLDEN_RATIO)), seed);
  const word = (i: number): number => mix(start + Math.imul(i, GOLDEN_RATIO));
  return restoreRandom([word(1), word(2), word(3), word(4)]);
}

/**
 * Continues a generator from a saved state.
 *
 * @throws InputError where all four words are 0, the one state that xoshiro cannot leave
 */
export function restoreRandom(state: RandomState): Random {
  const s = Uint32Array.from(state);
  if (s.every((word) => word === 0)) {
    throw new InputError('random state: expected four words that are not all 0; start again from a seed');
  }

  const uint32 = (): number => advance(s);
  const uniform = (): number => (uint32() >>> 8) * 2 ** -24;

  return {
    uint32,
    uniform,
    normals(length, standardDeviation) {
      // Box & Muller 1958. The second number of each pair is dropped, so that the state is the four words alone.
      return Float32Array.from({ length }, () => {
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        return radius * Math.cos(2 * Math.PI * uniform()) * standardDeviation;
      });
    },
    shuffle(items) {
      // Fisher & Yates, Durstenfeld's form.
      for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        [items[i], items[j]] = [items[j], items[i]];
      }
    },
    dropoutMask(length, rate) {
      // Millions of numbers a step of a transformer: the comparison is of integers, as `uniform() < rate` would be.
      const mask = new Float32Array(length);
      const bound = rate * 2 ** 24;
      const kept = 1 / (1 - rate);
      for (let i = 0; i < length; i++) mask[i] = advance(s) >>> 8 < bound ? 0 : kept;
      return mask;
    },
    state: () => [s[0], s[1], s[2], s[3]],
  };
}

/** One step of xoshiro128** over its four words. */
function advance(s: Uint32Array): number {
  const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
  const shifted = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotateLeft(s[3], 11);
  return result;
}

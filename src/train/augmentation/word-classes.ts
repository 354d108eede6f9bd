/**
 * Words that stand in the same company, learned from the transfer set: a word is the vector of its left and right
 * neighbours among the most frequent words (Schuetze 1993, "Part-of-Speech Induction from Scratch"), square roots taken
 * (Lebret & Collobert 2014, "Word Embeddings through Hellinger PCA"), and vectors are grouped by spherical k-means, which
 * starts from frequent words that are unlike each other and so needs no luck.
 */
import type { Random } from '../random.ts';
import { drawIndex, drawWeighted } from './draws.ts';
import { wordsOf } from './tokens.ts';

/** Rarer words have too few neighbours to tell what they are. */
const MIN_COUNT = 3;
const MAX_WORDS = 8000;
const CONTEXT_WORDS = 250;
/** Words of a class, on average. */
const CLASS_SIZE = 20;
const MAX_CLASSES = 256;
const ITERATIONS = 10;
/** Two clusters that start closer to each other than this would be one class in two parts. */
const MAX_SEED_COSINE = 0.7;
/** Texts that are counted; more of them move no class much. */
const MAX_TEXTS = 200_000;

/** Classes of the words of a transfer set, in lower case. */
export interface WordClasses {
  /** Whether the word has others in its class. */
  has(word: string): boolean;
  /** Another word of the class of one that {@link WordClasses.has}, as likely as it is frequent. */
  draw(word: string, random: Random): string;
}

interface WordClass {
  readonly words: readonly string[];
  /** Sums of their counts. */
  readonly cumulative: readonly number[];
}

/** A sparse vector of length 1. */
interface ContextVector {
  readonly positions: Int32Array;
  readonly values: Float32Array;
}

/** @param texts in an order that does not depend on the files: the first ones are counted */
export function learnWordClasses(texts: readonly string[]): WordClasses {
  const sentences = texts.slice(0, MAX_TEXTS).map(wordsOf);
  const counts = new Map<string, number>();
  for (const words of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const vocabulary = [...counts]
    .filter(([, count]) => count >= MIN_COUNT)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_WORDS)
    .map(([word]) => word);
  const assigned = cluster(countNeighbours(sentences, vocabulary).map(toVector));
  const groups = new Map<number, string[]>();
  for (const [i, word] of vocabulary.entries()) {
    const group = groups.get(assigned[i]);
    if (group === undefined) groups.set(assigned[i], [word]);
    else group.push(word);
  }
  const classes = new Map<string, WordClass>();
  for (const words of groups.values()) {
    if (words.length < 2) continue;
    const one = { words, cumulative: cumulate(words.map((word) => counts.get(word)!)) };
    for (const word of words) classes.set(word, one);
  }
  return { has: (word) => classes.has(word), draw: (word, random) => drawOther(classes.get(word)!, word, random) };
}

function drawOther({ words, cumulative }: WordClass, word: string, random: Random): string {
  const drawn = words[drawWeighted(random, cumulative)];
  if (drawn !== word) return drawn;
  // Instead of drawing until another one comes, which a word that is most of its class may not let happen soon.
  const step = 1 + drawIndex(random, words.length - 1);
  return words[(words.indexOf(word) + step) % words.length];
}

function cumulate(counts: readonly number[]): readonly number[] {
  let total = 0;
  return counts.map((count) => {
    total += count;
    return total;
  });
}

/** How often each context stands to the left (even positions) and to the right (odd ones) of each word. */
function countNeighbours(
  sentences: readonly (readonly string[])[],
  vocabulary: readonly string[],
): readonly ReadonlyMap<number, number>[] {
  const index = new Map(vocabulary.map((word, i) => [word, i]));
  // Beginning and end of a text are a context as well; rare words together are another one.
  const contextOf = (word: string | undefined): number =>
    word === undefined ? 0 : 1 + Math.min(index.get(word) ?? CONTEXT_WORDS, CONTEXT_WORDS);
  const neighbours = vocabulary.map(() => new Map<number, number>());
  for (const words of sentences) {
    for (const [i, word] of words.entries()) {
      const counts = neighbours[index.get(word) ?? -1];
      if (counts === undefined) continue;
      for (const position of [2 * contextOf(words[i - 1]), 2 * contextOf(words[i + 1]) + 1]) {
        counts.set(position, (counts.get(position) ?? 0) + 1);
      }
    }
  }
  return neighbours;
}

function toVector(counts: ReadonlyMap<number, number>): ContextVector {
  const entries = [...counts].sort(([a], [b]) => a - b);
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  return {
    positions: Int32Array.from(entries, ([position]) => position),
    values: Float32Array.from(entries, ([, count]) => Math.sqrt(count / total)),
  };
}

/** @returns the cluster of each vector */
function cluster(vectors: readonly ContextVector[]): Int32Array {
  const clusters = Math.min(MAX_CLASSES, Math.ceil(vectors.length / CLASS_SIZE));
  const size = 2 * (CONTEXT_WORDS + 2);
  const assigned = seedClusters(vectors, clusters);
  for (let iteration = 0; iteration <= ITERATIONS; iteration++) {
    const centroids = centroidsOf(vectors, assigned, clusters, size);
    let moved = false;
    for (const [i, vector] of vectors.entries()) {
      const nearest = nearestOf(vector, centroids, clusters, size);
      moved ||= nearest !== assigned[i];
      assigned[i] = nearest;
    }
    if (!moved) break;
  }
  return assigned;
}

/** Gives each cluster its first vector, the most frequent one that is unlike those before; -1 for the other vectors. */
function seedClusters(vectors: readonly ContextVector[], clusters: number): Int32Array {
  const seeds: number[] = [];
  for (let i = 0; i < vectors.length && seeds.length < clusters; i++) {
    if (seeds.every((seed) => cosineOf(vectors[seed], vectors[i]) < MAX_SEED_COSINE)) seeds.push(i);
  }
  const assigned = new Int32Array(vectors.length).fill(-1);
  for (const [one, seed] of seeds.entries()) assigned[seed] = one;
  return assigned;
}

function cosineOf(a: ContextVector, b: ContextVector): number {
  let cosine = 0;
  for (let i = 0, j = 0; i < a.positions.length && j < b.positions.length; ) {
    const step = a.positions[i] - b.positions[j];
    if (step === 0) cosine += a.values[i] * b.values[j];
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  return cosine;
}

/** Mean directions `[clusters, size]`; all zeros where a cluster is empty. */
function centroidsOf(
  vectors: readonly ContextVector[],
  assigned: Int32Array,
  clusters: number,
  size: number,
): Float32Array {
  const centroids = new Float32Array(clusters * size);
  for (const [i, { positions, values }] of vectors.entries()) {
    if (assigned[i] === -1) continue;
    for (let j = 0; j < positions.length; j++) centroids[assigned[i] * size + positions[j]] += values[j];
  }
  for (let start = 0; start < centroids.length; start += size) {
    const row = centroids.subarray(start, start + size);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (norm > 0) for (let i = 0; i < size; i++) row[i] /= norm;
  }
  return centroids;
}

function nearestOf(
  { positions, values }: ContextVector,
  centroids: Float32Array,
  clusters: number,
  size: number,
): number {
  let best = 0;
  let highest = -1;
  for (let one = 0; one < clusters; one++) {
    let cosine = 0;
    for (let j = 0; j < positions.length; j++) cosine += centroids[one * size + positions[j]] * values[j];
    if (cosine > highest) {
      highest = cosine;
      best = one;
    }
  }
  return best;
}

/**
 * From what a chat model says to probabilities of labels. What names no label is one bucket, `other`: it holds every
 * token that is no code, and of a truncated list of log-probabilities whatever is missing from a sum of 1.
 */
import { codesOf } from './prompt.ts';

/**
 * What becomes of the other bucket. `spread`: every label gets the same share of it, since it is doubt about all of
 * them. `drop`: the rest counts as the whole, for models that begin with other words.
 */
export type OtherRule = 'spread' | 'drop';

/** Shares of the labels before anything is done about the other bucket; with `other` they add up to 1. */
export interface LabelShares {
  readonly labels: readonly number[];
  readonly other: number;
}

/** A token with its log-probability. */
export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
}

/** The shares of the codes among the likeliest first tokens of an answer; ` A` and `a` count as `A`. */
export function sharesOfTokens(tokens: readonly TokenLogprob[], numLabels: number): LabelShares {
  const codes = codesOf(numLabels);
  const labels = new Array<number>(numLabels).fill(0);
  for (const { token, logprob } of tokens) {
    const label = codes.indexOf(token.trim().toUpperCase());
    if (label >= 0) labels[label] += Math.exp(logprob);
  }
  return { labels, other: Math.max(0, 1 - labels.reduce((a, b) => a + b, 0)) };
}

/**
 * The shares of votes. One more vote is divided among the labels: five samples that agree leave a doubt that a fifth of
 * a thousand would not.
 *
 * @param votes positions of labels; -1 for an answer that names none
 */
export function sharesOfVotes(votes: readonly number[], numLabels: number): LabelShares {
  const total = votes.length + 1;
  const labels = new Array<number>(numLabels).fill(1 / numLabels / total);
  let other = 0;
  for (const vote of votes) {
    if (vote < 0) other += 1 / total;
    else labels[vote] += 1 / total;
  }
  return { labels, other };
}

/** @returns probabilities of the labels, which add up to 1; all the same where nothing names a label */
export function probabilitiesOfShares({ labels, other }: LabelShares, rule: OtherRule): readonly number[] {
  const rest = rule === 'spread' ? other : 0;
  const total = labels.reduce((a, b) => a + b, 0) + rest;
  if (total === 0) return labels.map(() => 1 / labels.length);
  return labels.map((share) => (share + rest / labels.length) / total);
}

/**
 * The label that an answer in words names: by its code, alone or before anything else (`B`, `b.`, `B: delivery`), by
 * its name, or as the only one of the names in it.
 *
 * @returns its position, or -1
 */
export function labelOfAnswer(answer: string, labels: readonly string[]): number {
  const text = answer.trim().replace(/^["'*`([]+|["'*`)\].!]+$/g, '');
  const codes = codesOf(labels.length);
  const code = codes.indexOf(text.match(/^([A-Za-z]|\d+)(?=$|[^\p{L}\p{N}\s]|\s*[:).-])/u)?.[1].toUpperCase() ?? '');
  const name = labels.findIndex((label) => label.toLowerCase() === text.toLowerCase());
  if (name >= 0) return name;
  if (code >= 0) return code;
  const named = labels.flatMap((label, i) => (containsWord(text, label) ? [i] : []));
  return named.length === 1 ? named[0] : -1;
}

function containsWord(text: string, word: string): boolean {
  const escaped = word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

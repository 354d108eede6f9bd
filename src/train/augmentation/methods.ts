/** The methods by their names, and how often each is drawn where a config does not say. */
import { caseNoise } from './case-noise.ts';
import { keyboardNoise } from './keyboard-noise.ts';
import { maskWords } from './mask-words.ts';
import type { AugmentationMethod } from './method.ts';
import { recombineHalves } from './recombine-halves.ts';
import { replaceWords } from './replace-words.ts';
import { sampleNgram } from './sample-ngram.ts';
import { substituteDetails } from './substitute-details.ts';

/** Name of a method. */
export type MethodName = 'mask' | 'replace' | 'ngram' | 'recombine' | 'keyboard' | 'case' | 'details';

const METHODS: Readonly<Record<MethodName, AugmentationMethod>> = {
  mask: maskWords,
  replace: replaceWords,
  ngram: sampleNgram,
  recombine: recombineHalves,
  keyboard: keyboardNoise,
  case: caseNoise,
  details: substituteDetails,
};

/** All names, in the order of a report. */
export const METHOD_NAMES: readonly MethodName[] = Object.keys(METHODS) as MethodName[];

/** Weights of the methods; one of weight 0 is never drawn. */
export type MethodWeights = Readonly<Record<MethodName, number>>;

/** Where a config does not say; what changes the words counts for more than what changes how they are written. */
export const METHOD_WEIGHTS: MethodWeights = {
  mask: 2,
  replace: 4,
  ngram: 2,
  recombine: 2,
  keyboard: 0.5,
  case: 0.5,
  details: 1,
};

/** No method at all. */
export const NO_METHODS: MethodWeights = Object.fromEntries(METHOD_NAMES.map((name) => [name, 0])) as MethodWeights;

/** The method of a name. */
export function methodOf(name: MethodName): AugmentationMethod {
  return METHODS[name];
}

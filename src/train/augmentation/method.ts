/** What a method of augmentation is: a pure function of a text and of what is drawn. */
import type { Random } from '../random.ts';
import type { WordClasses } from './word-classes.ts';

/** What methods may look at. */
export interface AugmentationContext {
  /** Probability that a word is changed, for the methods that change words. */
  readonly rate: number;
  /** What stands in place of a masked word; where it is empty, the word is left out. */
  readonly maskToken: string;
  readonly classes: WordClasses;
  /** All texts of the transfer set, in an order of their own. */
  readonly texts: readonly string[];
}

/** Makes another text of a text, or gives the same one where there is nothing to change. */
export type AugmentationMethod = (text: string, random: Random, context: AugmentationContext) => string;

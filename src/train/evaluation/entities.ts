/**
 * Entities in tags, as the CoNLL-2000 evaluation reads them (Tjong Kim Sang & Buchholz 2000, "Introduction to the
 * CoNLL-2000 Shared Task: Chunking", conlleval), which is also what seqeval does unless it is told to be strict: `B-x`
 * begins an entity of type x, `I-x` goes on with one of that type and begins one where there is none. Any other label
 * but `O` is an entity of one word.
 */
import { type MicroScores, microScores } from './scores.ts';

/** The label of words outside of all entities. */
export const OUTSIDE = 'O';

/** The entities of one text, each as `start:end:type` in words. */
export function entitiesOf(tags: readonly string[]): readonly string[] {
  const entities: string[] = [];
  let start = 0;
  for (const [i, tag] of tags.entries()) {
    const [prefix, type] = partsOf(tag);
    const [, previous] = i === 0 ? ['', null] : partsOf(tags[i - 1]);
    if (prefix !== 'I' || type !== previous) start = i;
    const [next, nextType] = i + 1 === tags.length ? ['', null] : partsOf(tags[i + 1]);
    if (type !== null && (next !== 'I' || nextType !== type)) entities.push(`${start}:${i + 1}:${type}`);
  }
  return entities;
}

/** @returns prefix and type of a label; no type outside of entities */
function partsOf(tag: string): readonly [prefix: string, type: string | null] {
  if (tag === OUTSIDE) return ['', null];
  const [, prefix, type] = /^([BI])-(.*)$/s.exec(tag) ?? [tag, 'B', tag];
  return [prefix, type];
}

/**
 * Scores of the entities of all texts together; an entity is right where its words and its type are.
 *
 * @param predicted tags of each text
 * @param gold as many for each
 */
export function entityScores(
  predicted: readonly (readonly string[])[],
  gold: readonly (readonly string[])[],
): MicroScores {
  const counts = { right: 0, predicted: 0, gold: 0 };
  for (const [row, tags] of gold.entries()) {
    const [ours, theirs] = [entitiesOf(predicted[row]), entitiesOf(tags)];
    counts.right += ours.filter((entity) => theirs.includes(entity)).length;
    counts.predicted += ours.length;
    counts.gold += theirs.length;
  }
  return microScores(counts);
}

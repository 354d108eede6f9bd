/** Guesses what a misspelt key was meant to be. */
import leven from 'leven';

/** @returns a question that names the known key that is nearest, or all of them where none is near */
export function suggestKey(key: string, known: readonly string[]): string {
  const ranked = known.map((name) => ({ name, distance: leven(name.toLowerCase(), key.toLowerCase()) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const begun = known.find((name) => key.length > 1 && name.toLowerCase().startsWith(key.toLowerCase()));
  if (begun !== undefined) return `did you mean ${begun}?`;
  const [nearest] = ranked;
  if (nearest !== undefined && nearest.distance <= Math.max(2, key.length / 3)) {
    return `did you mean ${nearest.name}?`;
  }
  return `known keys are ${known.join(', ')}`;
}

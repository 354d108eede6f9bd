/**
 * Texts that a person would call the same: rows that differ in case, spaces or punctuation alone leak from one split
 * into another as much as copies do (Lee et al. 2022, "Deduplicating Training Data Makes Language Models Better").
 */

/**
 * A text without case, punctuation and symbols, its words one space apart, compatibility forms as in Unicode NFKC. Where
 * nothing but punctuation is there, it is kept: two smileys are two texts.
 */
export function normalizeText(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  const words = folded.replace(/[\p{P}\p{S}\s]+/gu, ' ').trim();
  return words === '' ? folded.replace(/\s+/g, ' ').trim() : words;
}

/**
 * Mail addresses, links and numbers become others of the same shape (after the name and number tests of Ribeiro et al.
 * 2020): that there is one may mean something, which one it is mostly does not.
 */
import type { Random } from '../random.ts';
import { drawIndex, drawOne } from './draws.ts';
import type { AugmentationMethod } from './method.ts';

const DETAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?:\/\/|www\.)[^\s<>"']+|\d+/g;
/** Parts of an address that say what kind it is: scheme, `www`, and what stands behind the last dot of the host. */
const KEPT = /^https?:\/\/|\bwww\.|\.[a-z]{2,}(?=[/:?#]|$)/g;
const VOWELS = 'aeiou';
const CONSONANTS = 'bcdfghjklmnprstvwz';

/** Changes every address, link and number. */
export const substituteDetails: AugmentationMethod = (text, random) =>
  text.replace(DETAIL, (detail) => (/^\d+$/.test(detail) ? otherNumber(detail, random) : otherAddress(detail, random)));

/** As many digits; the first stays a zero, or none. */
function otherNumber(digits: string, random: Random): string {
  return [...digits]
    .map((digit, i) => {
      if (i > 0) return String(drawIndex(random, 10));
      return digit === '0' ? '0' : String(1 + drawIndex(random, 9));
    })
    .join('');
}

function otherAddress(address: string, random: Random): string {
  const kept = new Set<number>();
  for (const { 0: part, index } of address.matchAll(KEPT)) {
    for (let i = index; i < index + part.length; i++) kept.add(i);
  }
  return [...address].map((character, i) => (kept.has(i) ? character : otherCharacter(character, random))).join('');
}

function otherCharacter(character: string, random: Random): string {
  if (/\d/.test(character)) return String(drawIndex(random, 10));
  if (!/[a-z]/i.test(character)) return character;
  const lower = character.toLowerCase();
  const other = drawOne(random, VOWELS.includes(lower) ? VOWELS : CONSONANTS);
  return character === lower ? other : other.toUpperCase();
}

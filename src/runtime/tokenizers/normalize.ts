/**
 * Text normalization. `nmt_nfkc` is SentencePiece's default (google/sentencepiece, doc/normalization.md): NFKC, and
 * before it a few rules of its own for control characters and spaces. Lone surrogates read as U+FFFD.
 */

/** What is in every text that SentencePiece changes: plain is printable ASCII with single spaces, and only inside. */
const NOT_PLAIN = /[^ -~]|^ | $| {2}/;
/** What NFKC may change. */
const NOT_ASCII = /[\x7f-\uffff]/;

/** NFKC with lone surrogates replaced; ASCII comes back as it is. */
export function nfkc(text: string): string {
  return NOT_ASCII.test(text) ? wellFormed(text).normalize('NFKC') : text;
}

/** Replaces every lone surrogate by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** What SentencePiece removes: controls without meaning as space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it matches
const REMOVED = /[\x01-\x08\v\x0e-\x1f\x7f\x8f\x9f]/g;
/** What SentencePiece reads as a space, beyond what NFKC already makes one; the zero-width joiner stays. */
const SPACES = /[\t\n\f\r\u061c\u1680\u200b\u200c\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;
/** The full-width tilde, which NFKC would make a tilde and SentencePiece keeps. */
const FULL_WIDTH_TILDE = '\uff5e';

/**
 * Normalizes as SentencePiece's `nmt_nfkc` with its default options: spaces collapsed and removed at both ends, one
 * space put before the text, every space written as U+2581. The empty text stays empty.
 */
export function nmtNfkc(text: string): string {
  const clean = NOT_PLAIN.test(text) ? collapse(foldCharacters(text)) : text;
  return clean.length === 0 ? '' : `\u2581${clean.replaceAll(' ', '\u2581')}`;
}

function foldCharacters(text: string): string {
  const spaced = wellFormed(text).replace(REMOVED, '').replace(SPACES, ' ');
  const parts = spaced.split(FULL_WIDTH_TILDE).map((part) => part.normalize('NFKC'));
  return parts.join(FULL_WIDTH_TILDE);
}

function collapse(text: string): string {
  return text.replace(/ {2,}/g, ' ').replace(/^ | $/g, '');
}

/**
 * The normalization rules of SentencePiece in compiled form (google/sentencepiece, normalizer.cc): a double-array trie
 * (Darts-clone) from what a character is to where its replacement stands, and the replacements, each ended by a zero.
 */

/** What tells SentencePiece's `nmt_nfkc` from its other rules, which fold case or leave spaces and tildes to NFKC. */
const NMT_NFKC: readonly (readonly [character: string, replacement: string])[] = [
  ...([
    ['\uff21', 'A'],
    ['\ufb01', 'fi'],
    ['\u2460', '1'],
    ['\t', ' '],
    ['\u200b', ' '],
    ['\ufeff', ' '],
  ] as const),
  ...([
    ['A', 'A'],
    ['\u00c4', '\u00c4'],
    ['\uff5e', '\uff5e'],
    ['\u0007', ''],
  ] as const),
];

/** True where a charsmap, in Base64, reads characters as `nmt_nfkc` does. */
export function isNmtNfkc(base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64');
  const isReadable = bytes.length >= 8 && bytes.readUInt32LE(0) <= bytes.length - 4 && bytes.readUInt32LE(0) % 4 === 0;
  return isReadable && NMT_NFKC.every(([character, replacement]) => replace(bytes, character) === replacement);
}

/** What a charsmap makes of a character. */
function replace(bytes: Buffer, character: string): string {
  const trieBytes = bytes.readUInt32LE(0);
  const unitAt = (node: number): number => (4 * node < trieBytes ? bytes.readUInt32LE(4 + 4 * node) : 0);
  const childrenOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
  let unit = unitAt(0);
  let node = childrenOf(unit);
  for (const byte of Buffer.from(character)) {
    node ^= byte;
    unit = unitAt(node);
    if ((unit & 0x800000ff) >>> 0 !== byte) return character;
    node ^= childrenOf(unit);
  }
  const hasValue = (unit & 0x100) !== 0;
  if (!hasValue) return character;
  const start = 4 + trieBytes + (unitAt(node) & 0x7fffffff);
  return bytes.toString('utf8', start, bytes.indexOf(0, start));
}

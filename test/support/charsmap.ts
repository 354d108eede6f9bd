/** Builds charsmaps: a double-array trie (Darts-clone) of characters, and their replacements behind it. */

interface Node {
  readonly children: Map<number, Node>;
  value: number | null;
}

/** Room for every block of children that small maps need. */
const UNITS = 1 << 15;

/** @returns the map in Base64, as `precompiled_charsmap` of a `tokenizer.json` has it */
export function charsmap(entries: Readonly<Record<string, string>>): string {
  const root: Node = { children: new Map(), value: null };
  let replacements = '';
  for (const [from, to] of Object.entries(entries)) {
    let node = root;
    for (const byte of Buffer.from(from)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map(), value: null });
      node = node.children.get(byte)!;
    }
    node.value = Buffer.byteLength(replacements);
    replacements += `${to}\0`;
  }
  const units = new Uint32Array(UNITS);
  let block = 0;
  /** Gives the node at `at` a block of its own for its children: their place is their byte, exclusive-or the block. */
  const place = (node: Node, at: number, label: number): void => {
    const base = 256 * ++block;
    units[at] = label | ((base ^ at) << 10) | (node.value === null ? 0 : 0x100);
    if (node.value !== null) units[base] = 0x80000000 | node.value;
    for (const [byte, child] of node.children) place(child, base ^ byte, byte);
  };
  place(root, 0, 0);
  const trie = Buffer.from(units.buffer);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(trie.length);
  return Buffer.concat([header, trie, Buffer.from(replacements)]).toString('base64');
}

/** The characters that tell SentencePiece's `nmt_nfkc` from its other rules, and what it makes of them. */
export const NMT_NFKC: Readonly<Record<string, string>> = {
  '\uff21': 'A',
  '\ufb01': 'fi',
  '\u2460': '1',
  '\t': ' ',
  '\u200b': ' ',
  '\ufeff': ' ',
  '\u0007': '',
};

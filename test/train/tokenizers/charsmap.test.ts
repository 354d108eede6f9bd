import { describe, expect, it } from 'vitest';
import { isNmtNfkc } from '../../../src/train/tokenizers/charsmap.ts';
import { charsmap, NMT_NFKC } from '../../support/charsmap.ts';

describe('isNmtNfkc', () => {
  it("knows SentencePiece's default rule from what it makes of characters", () => {
    expect(isNmtNfkc(charsmap(NMT_NFKC))).toBe(true);
    expect(isNmtNfkc(charsmap({ ...NMT_NFKC, '\u00a0': ' ', '\ufb02': 'fl', '\u2461': '2' }))).toBe(true);
  });

  it('tells it from NFKC alone, from rules that fold case, and from no rule', () => {
    const { '\t': _, '\u200b': __, '\ufeff': ___, '\u0007': ____, ...nfkc } = NMT_NFKC;
    expect(isNmtNfkc(charsmap(nfkc))).toBe(false);
    expect(isNmtNfkc(charsmap({ ...NMT_NFKC, '\uff5e': '~' }))).toBe(false);
    expect(isNmtNfkc(charsmap({ ...NMT_NFKC, A: 'a', '\u00c4': '\u00e4', '\uff21': 'a' }))).toBe(false);
    expect(isNmtNfkc(charsmap({}))).toBe(false);
  });

  it.each(['', 'AAAA', 'not base64 !', '/////w=='])('takes %j for no rule', (base64) => {
    expect(isNmtNfkc(base64)).toBe(false);
  });

  it('takes any damage for another rule, or for none', () => {
    const bytes = Buffer.from(charsmap(NMT_NFKC), 'base64');
    for (let i = 0; i < bytes.length; i += 997) {
      for (const value of [0, 0xff]) {
        const damaged = Buffer.from(bytes);
        damaged[i] = value;
        expect([true, false]).toContain(isNmtNfkc(damaged.toString('base64')));
        expect([true, false]).toContain(isNmtNfkc(damaged.subarray(0, i).toString('base64')));
      }
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, htmlTable } from '../../../src/train/report/html.ts';

describe('escapeHtml', () => {
  it('writes the five characters that mean something in HTML as references', () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
    );
  });

  it('leaves none of them, and gives the text back when the references are read', () => {
    const read = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' } as Record<string, string>;
    const text = fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", ';', 'a', 'lt', '#39', '日') });
    fc.assert(
      fc.property(text, (input) => {
        const escaped = escapeHtml(input);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replace(/&(lt|gt|quot|#39|amp);/g, (reference) => read[reference])).toBe(input);
      }),
    );
  });
});

describe('htmlTable', () => {
  it('has a header, and a row header for the first cell of each row; cells are HTML already', () => {
    expect(htmlTable(['model', 'accuracy'], [['<b>static</b>', '.951'], ['teacher']])).toBe(
      '<div class="scroll"><table><thead><tr><th scope="col">model</th><th scope="col">accuracy</th></tr></thead>' +
        '<tbody><tr><th scope="row"><b>static</b></th><td>.951</td></tr><tr><th scope="row">teacher</th></tr></tbody></table></div>',
    );
  });
});

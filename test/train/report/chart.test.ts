import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Labels, lineChart, type Point, type Series, scatterPlot } from '../../../src/train/report/chart.ts';

const LABELS: Labels = { title: 'Loss', x: 'epoch', y: 'mean' };
const WIDTH = 460;
const HEIGHT = 280;

const matches = (svg: string, pattern: RegExp): string[][] => [...svg.matchAll(pattern)].map((match) => [...match]);

/** Parts of each line between its gaps, each a list of points in pixels. */
function linesOf(svg: string): [number, number][][][] {
  return matches(svg, /<path [^>]* d="([^"]*)"/g).map(([, d]) =>
    d
      .split('M')
      .slice(1)
      .map((part) =>
        part
          .replace('h0', '')
          .split('L')
          .map((at) => at.split(',').map(Number) as [number, number]),
      ),
  );
}

function dotsOf(svg: string): [number, number][] {
  return matches(svg, /<circle [^>]*cx="([^"]*)" cy="([^"]*)"/g).map(([, x, y]) => [Number(x), Number(y)]);
}

const ticksOf = (svg: string, kind: 'end' | 'middle'): string[] =>
  matches(svg, new RegExp(`class="tick ${kind}"[^>]*>([^<]*)<`, 'g')).map(([, text]) => text);

/** Every number of the drawing is one, and every mark lies in the picture. */
function expectSound(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  for (const [x, y] of [...linesOf(svg).flat(2), ...dotsOf(svg)]) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(WIDTH);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(HEIGHT);
  }
}

describe('lineChart', () => {
  it('draws each line from left to right, higher values higher, with its name in line and legend', () => {
    const svg = lineChart(
      [
        { name: 'total', values: [4, 2, 1] },
        { name: 'model', values: [1, 2, 4] },
      ],
      LABELS,
    );
    expectSound(svg);
    const [[falling], [rising]] = linesOf(svg);
    expect(falling).toHaveLength(3);
    expect(falling.map(([x]) => x)).toEqual([...falling.map(([x]) => x)].sort((a, b) => a - b));
    expect(falling[0][1]).toBeLessThan(falling[1][1]);
    expect(rising.map(([, y]) => y)).toEqual([...falling.map(([, y]) => y)].reverse());
    for (const name of ['total', 'model']) {
      expect(svg).toContain(`<title>${name}</title>`);
      expect(svg).toMatch(new RegExp(`<li class="c\\d">${name}</li>`));
    }
  });

  it('puts a value at the tick of its number', () => {
    const svg = lineChart([{ name: 'a', values: [0, 2, 4] }], LABELS);
    const grid = matches(svg, /<line class="grid"[^>]* y1="([^"]*)"/g).map(([, y]) => Number(y));
    expect(ticksOf(svg, 'end')).toEqual(['0', '1', '2', '3', '4']);
    expect(linesOf(svg)[0][0].map(([, y]) => y)).toEqual([grid[0], grid[2], grid[4]]);
  });

  it('leaves a gap for null, and draws the point between two gaps', () => {
    const svg = lineChart([{ name: 'a', values: [null, 1, null, 2, 3, null] }], LABELS);
    expect(linesOf(svg)[0].map((part) => part.length)).toEqual([1, 2]);
    expect(svg.match(/h0/g)).toHaveLength(2);
    expectSound(svg);
  });

  it.each<[string, readonly Series[]]>([
    ['one point', [{ name: 'a', values: [0.4] }]],
    ['one point at 0', [{ name: 'a', values: [0] }]],
    ['equal values', [{ name: 'a', values: [2, 2, 2] }]],
    ['equal values of several lines', Array(7).fill({ name: 'a', values: [0, 0] })],
  ])('is sound for %s, from 0 and not', (_, series) => {
    for (const fromZero of [true, false]) {
      const svg = lineChart(series, { ...LABELS, fromZero });
      expectSound(svg);
      expect(linesOf(svg).map((parts) => parts.flat().length)).toEqual(series.map(({ values }) => values.length));
    }
  });

  it('leaves a line out that has no value, and is sound without any', () => {
    const svg = lineChart(
      [
        { name: 'distillation', values: [null, null] },
        { name: 'total', values: [1, 2] },
      ],
      LABELS,
    );
    expect(svg).not.toContain('distillation');
    expect(linesOf(svg)).toHaveLength(1);
    for (const series of [[], [{ name: 'a', values: [null] }], [{ name: 'a', values: [] }]]) {
      const empty = lineChart(series, LABELS);
      expectSound(empty);
      expect(linesOf(empty)).toEqual([]);
    }
  });

  it('begins at 0 unless told otherwise', () => {
    const series = [{ name: 'a', values: [0.91, 0.95] }];
    expect(ticksOf(lineChart(series, LABELS), 'end')[0]).toBe('0');
    expect(ticksOf(lineChart(series, { ...LABELS, fromZero: false }), 'end')[0]).toBe('0.91');
  });

  it('is sound for any values, with a point for each', () => {
    // What is smaller than a millionth of a billionth is no measurement.
    const value = fc.double({ min: -1e4, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < 1e-15 ? 0 : x));
    const values = fc.array(fc.option(value), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), fc.boolean(), (lists, fromZero) => {
        const all = lists.flat().filter((value) => value !== null);
        const size = Math.max(...all.map(Math.abs));
        // Closer together, numbers of twelve digits are the same tick.
        fc.pre(fromZero || all.length < 2 || Math.max(...all) - Math.min(...all) > 1e-6 * size);
        const svg = lineChart(
          lists.map((list, i) => ({ name: `line ${i}`, values: list })),
          { ...LABELS, fromZero },
        );
        expectSound(svg);
        expect(linesOf(svg).flat(2)).toHaveLength(all.length);
      }),
    );
  });

  it('escapes every text', () => {
    const svg = lineChart([{ name: '<b>&"', values: [1] }], { title: '<i>', x: '"x"', y: "'y'" });
    expect(svg).not.toMatch(/<b>|<i>|"x"|'y'/);
    expect(svg).toContain('&lt;b&gt;&amp;&quot;');
    expect(svg).toContain('aria-label="&lt;i&gt;"');
  });
});

describe('scatterPlot', () => {
  const student: Point = { name: 'static', kind: 'student', x: 265_240, y: 0.951 };
  const teacher: Point = { name: 'teacher', kind: 'teacher', x: 28_121_983, y: 0.905 };

  it('draws each point with its name, larger to the right, better higher', () => {
    const svg = scatterPlot([student, teacher], LABELS);
    expectSound(svg);
    const [[x1, y1], [x2, y2]] = dotsOf(svg);
    expect(x1).toBeLessThan(x2);
    expect(y1).toBeLessThan(y2);
    expect(matches(svg, /<circle class="(\w+)"/g).map(([, kind]) => kind)).toEqual(['student', 'teacher']);
    expect(matches(svg, /<text class="name"[^>]*>([^<]*)</g).map(([, name]) => name)).toEqual(['static', 'teacher']);
    expect(ticksOf(svg, 'middle')).toEqual(['100K', '1M', '10M', '100M']);
  });

  it.each<[string, readonly Point[]]>([
    ['one point', [student]],
    ['points of equal values', [student, { ...student, name: 'b' }, { ...student, name: 'c' }]],
    [
      'an accuracy of 0 and of 1',
      [
        { ...student, y: 0 },
        { ...teacher, y: 1 },
      ],
    ],
    [
      'latencies of a thousandth of a millisecond',
      [
        { ...student, x: 0.001 },
        { ...teacher, x: 0.0012 },
      ],
    ],
  ])('is sound for %s', (_, points) => {
    const svg = scatterPlot(points, LABELS);
    expectSound(svg);
    expect(dotsOf(svg)).toHaveLength(points.length);
  });

  it('escapes names', () => {
    expect(scatterPlot([{ ...student, name: '</text><script>' }], LABELS)).not.toContain('<script>');
  });
});

/** Line charts and scatter plots as inline SVG: they need no script, and print. */
import { type Axis, linearAxis, logAxis } from './axis.ts';
import { escapeHtml } from './html.ts';

const WIDTH = 460;
const HEIGHT = 280;
const LEFT = 56;
const RIGHT = 14;
const TOP = 30;
const BOTTOM = 44;

/** One line; a null is a gap. Point `i` stands at `i + 1`. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A named point; `kind` decides its colour. */
export interface Point {
  readonly name: string;
  readonly kind: 'student' | 'teacher';
  readonly x: number;
  readonly y: number;
}

/** What stands around a chart. */
export interface Labels {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Whether a line chart begins at 0; true where it is left out. */
  readonly fromZero?: boolean;
}

/** Lines over epochs, with a legend. */
export function lineChart(series: readonly Series[], labels: Labels): string {
  const drawn = series.filter(({ values }) => values.some((value) => value !== null));
  const all = drawn.flatMap(({ values }) => values.filter((value) => value !== null));
  const epochs = Math.max(1, ...drawn.map(({ values }) => values.length));
  const x = linearAxis([1, Math.max(2, epochs)], LEFT, WIDTH - RIGHT, 8);
  const base = labels.fromZero === false ? all : [...all, 0];
  const y = linearAxis(base.length === 0 ? [0, 1] : base, HEIGHT - BOTTOM, TOP);
  const lines = drawn.map(({ name, values }, i) => {
    const moves = values.map((value, at) => {
      if (value === null) return '';
      const to = point(x.position(at + 1), y.position(value));
      // A line of no length, so that a point between two gaps is drawn: its ends are round.
      return (values[at - 1] ?? null) === null ? `M${to}h0` : `L${to}`;
    });
    return `<path class="line c${i % 6}" d="${moves.join('')}"><title>${escapeHtml(name)}</title></path>`;
  });
  const legend = drawn.map(({ name }, i) => `<li class="c${i % 6}">${escapeHtml(name)}</li>`);
  return figure(labels, x, y, lines, `<ul class="legend">${legend.join('')}</ul>`);
}

/** Points over a logarithmic x axis, each with its name. */
export function scatterPlot(points: readonly Point[], labels: Labels): string {
  const x = logAxis(
    points.map((point) => point.x),
    LEFT + 12,
    WIDTH - RIGHT - 60,
  );
  const y = linearAxis(
    points.map((point) => point.y),
    HEIGHT - BOTTOM,
    TOP,
  );
  const dots = points.map(({ name, kind, x: valueX, y: valueY }) => {
    const [cx, cy] = [x.position(valueX), y.position(valueY)];
    const text = `<text class="name" x="${round(cx + 8)}" y="${round(cy + 4)}">${escapeHtml(name)}</text>`;
    return `<circle class="${kind}" cx="${round(cx)}" cy="${round(cy)}" r="5"/>${text}`;
  });
  return figure(labels, x, y, dots, '');
}

function figure(labels: Labels, x: Axis, y: Axis, marks: readonly string[], after: string): string {
  const rows = y.ticks.map((tick) => {
    const at = round(y.position(tick));
    const text = `<text class="tick end" x="${LEFT - 6}" y="${at + 4}">${label(tick)}</text>`;
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>${text}`;
  });
  const columns = x.ticks.map(
    (tick) =>
      `<text class="tick middle" x="${round(x.position(tick))}" y="${HEIGHT - BOTTOM + 18}">${label(tick)}</text>`,
  );
  const names = [
    `<text class="axis middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}">${escapeHtml(labels.x)}</text>`,
    `<text class="axis" x="6" y="${TOP - 14}">${escapeHtml(labels.y)}</text>`,
  ];
  const content = [...rows, ...columns, ...names, ...marks].join('');
  const title = escapeHtml(labels.title);
  const svg = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${content}</svg>`;
  return `<figure><figcaption>${title}</figcaption>${svg}${after}</figure>`;
}

function point(x: number, y: number): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function label(value: number): string {
  if (value !== 0 && Math.abs(value) >= 1e6) return `${value / 1e6}M`;
  if (value !== 0 && Math.abs(value) >= 1e3) return `${value / 1e3}K`;
  return String(value);
}

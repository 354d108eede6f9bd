/** A data report as a terminal shows it. */
import { type DataReport, formatShare } from '../train/index.ts';
import { formatTable } from './table.ts';

type SplitReport = DataReport['splits'][number];
type Lengths = SplitReport['characters'];

/** Labels that a table lists; a split of more has the most frequent ones, and the number of the others. */
const MAX_LABELS = 20;
const BAR_CELLS = 30;

/**
 * Reports by their titles: of files as they are, of what a run makes of them, or of both. What says the same is shown once,
 * as the files say it, where rows have a line.
 */
export function describeDataReports(reports: Readonly<Record<string, DataReport>>): string {
  const [[firstTitle, first], ...others] = Object.entries(reports);
  const told = others.map(([title, report]) =>
    isSame(report, first) ? `The ${title} of a run are the same as these ${firstTitle}.` : describe(title, report),
  );
  return [describe(firstTitle, first), ...told].join('\n\n');
}

/** But for what files alone have. */
function isSame(a: DataReport, b: DataReport): boolean {
  const [first, second] = [a, b].map((report) =>
    JSON.stringify(report, (key, value) => (key === 'place' || key === 'columns' ? undefined : value)),
  );
  return first === second;
}

/** @param title what the splits are: files as they are, or what a run makes of them */
function describe(title: string, { splits, leaks }: DataReport): string {
  return [
    formatTable(
      [title, 'rows', 'labelled', 'empty', 'duplicates', 'normalized', 'contradictions', 'normalized'],
      splits.map(({ name, rows, labelled, empty, duplicates, contradictions }) => [
        name,
        ...[rows, labelled, empty, duplicates.exact, duplicates.normalized].map(String),
        ...[contradictions.exact, contradictions.normalized].map(String),
      ]),
    ),
    '(normalized: texts that differ in case, spaces or punctuation alone count as one)',
    ...splits.flatMap(({ name, empty, emptyPlaces }) =>
      empty === 0
        ? []
        : [`\n${name}: empty rows at ${emptyPlaces.join('; ')}${empty > emptyPlaces.length ? '; ...' : ''}`],
    ),
    ...splits.flatMap(contradictionsOf),
    `\n${labelTable(splits, title)}`,
    `\n${lengthTable(splits)}`,
    ...limitTable(splits),
    ...splits.flatMap(({ name, characters }) =>
      characters.bins.length === 0 ? [] : [`\n${name}, characters\n${histogram(characters)}`],
    ),
    `\n${leakText(leaks)}`,
  ].join('\n');
}

function contradictionsOf({ name, contradictions: { examples } }: SplitReport): readonly string[] {
  return examples.map(({ text, first, second }) => {
    const sides = [first, second].map(({ labels, place }) => `${labels.join(' + ') || 'no label'} (${place})`);
    return `\n${name}: ${sides.join(' and ')}: ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text)}`;
  });
}

function labelTable(splits: readonly SplitReport[], title: string): string {
  const totals = new Map<string, number>();
  for (const { labels } of splits) {
    for (const { label, rows } of labels) totals.set(label, (totals.get(label) ?? 0) + rows);
  }
  const all = [...totals].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([label]) => label);
  if (all.length === 0) return noLabels(splits, title);
  const cell = ({ labels, labelled }: SplitReport, label: string): string => {
    const rows = labels.find((one) => one.label === label)?.rows ?? 0;
    return labelled === 0 ? '0' : `${rows} (${formatShare(rows / labelled)})`;
  };
  const rows = all.slice(0, MAX_LABELS).map((label) => [label, ...splits.map((split) => cell(split, label))]);
  const rest = all.length > MAX_LABELS ? `\n... and ${all.length - MAX_LABELS} labels more` : '';
  return formatTable([`${all.length} labels`, ...splits.map(({ name }) => name)], rows) + rest;
}

/** What to do where no row has a label; rows without columns are those that `data()` gave. */
function noLabels(splits: readonly SplitReport[], title: string): string {
  const columns = [...new Set(splits.flatMap((split) => split.columns))];
  if (columns.length === 0) return `${title}: expected labels in some row, but to embed, got none; give them in data()`;
  const advice = 'name the one with the label: --label-column, or data.labelColumn in a config';
  return `${title}: expected labels in some row, got none; of the columns ${columns.join(', ')}, ${advice}`;
}

function lengthTable(splits: readonly SplitReport[]): string {
  const figures = ({ min, mean, p50, p95, p99, max }: Lengths): readonly string[] => [
    ...[min, p50].map(String),
    mean.toFixed(1),
    ...[p95, p99, max].map(String),
  ];
  const rows = splits.flatMap(({ name, characters, words }) => [
    [`${name}, characters`, ...figures(characters)],
    [`${name}, words`, ...figures(words)],
  ]);
  return formatTable(['length', 'min', 'p50', 'mean', 'p95', 'p99', 'max'], rows);
}

/** Rows that readers do not see the end of; nothing where no limit is known. */
function limitTable(splits: readonly SplitReport[]): readonly string[] {
  const [{ truncated }] = splits;
  if (truncated.length === 0) return [];
  const rows = truncated.map((limit, i) => [
    `${'maxTokens' in limit ? `${limit.maxTokens} tokens` : `${limit.maxCharacters} characters`} (${limit.reader})`,
    ...splits.map(
      ({ rows: all, truncated: { [i]: cut } }) => `${cut.rows} (${formatShare(all === 0 ? 0 : cut.rows / all)})`,
    ),
  ]);
  return [`\n${formatTable(['longer than', ...splits.map(({ name }) => name)], rows)}`];
}

function histogram({ bins }: Lengths): string {
  const most = Math.max(...bins.map(({ rows }) => rows));
  // Nothing is that short in most data.
  const first = bins.findIndex(({ rows }) => rows > 0);
  return bins
    .slice(first)
    .map(({ from, to, rows }) => {
      const bar = '█'.repeat(Math.ceil((rows / most) * BAR_CELLS));
      return `${`${from}-${to}`.padStart(12)}  ${bar.padEnd(BAR_CELLS)}  ${rows}`;
    })
    .join('\n');
}

function leakText(leaks: DataReport['leaks']): string {
  const found = leaks.filter(({ normalized }) => normalized > 0);
  if (leaks.length === 0) return 'No split is held out by its name, so nothing can leak.';
  if (found.length === 0) return 'Leaks: none.';
  return formatTable(
    ['leaks', 'exact', 'normalized'],
    found.map((leak) => [`rows of ${leak.split} in ${leak.in}`, String(leak.exact), String(leak.normalized)]),
  );
}

/** `report.html`: one self-contained page on what a run measured. It loads nothing and runs no script. */
import type { DistillationMetrics, SeedRun, StudentRun } from '../distill/metrics.ts';
import type { RunRecord, StudentDisagreements } from '../records/run-record.ts';
import { type Labels, lineChart, type Series, scatterPlot } from './chart.ts';
import { formatBytes, formatShare } from './figures.ts';
import { escapeHtml, htmlTable } from './html.ts';
import { resultTable } from './result-table.ts';
import { REPORT_STYLE } from './style.ts';

/** Longest part of a text that the list of disagreements shows. */
const EXCERPT_CHARACTERS = 280;

/** Renders the page. */
export function renderReport(record: RunRecord): string {
  const { metrics, disagreements } = record;
  const title = `${metrics.name}: teacher and students`;
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    summary(metrics),
    '<h2>Models</h2>',
    modelTable(metrics),
    remark(metrics),
    '<h2>Size and latency against accuracy</h2>',
    `<div class="charts">${tradeOffs(metrics)}</div>`,
    `<h2>Training</h2><p>${epochNote(metrics)}</p>`,
    ...metrics.runs[0].students.map(curves),
    '<h2>Confusion on test</h2>',
    ...metrics.runs.flatMap((run) => confusions(run, metrics.dataset.labels)),
    '<h2>Where student and teacher disagree most</h2>',
    ...disagreements.map(disagreementTable),
    provenance(record),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
<main>
${body.join('\n')}
</main>
</html>
`;
}

function summary({ dataset, seeds, backend, teacher }: DistillationMetrics): string {
  const data = `${dataset.name}: ${dataset.train} training rows, ${dataset.labelled} of them labelled, ${dataset.augmented === 0 ? '' : `${dataset.augmented} rows made from them, `}${dataset.dev} dev and ${dataset.test} test rows. Teacher: ${teacher.name}.`;
  const seed =
    seeds.length === 1
      ? `One seed (${seeds[0]}): accuracies of another seed differ; run several to see by how much.`
      : `Scores are means over the seeds ${seeds.join(', ')}; files are those of the seed that was best on dev.`;
  return `<p>${escapeHtml(data)} ${escapeHtml(seed)} Trained with TensorFlow.js on ${backend}; students were evaluated quantized, by the runtime that serves them.</p>`;
}

function modelTable(metrics: DistillationMetrics): string {
  const { header, rows } = resultTable(metrics);
  return htmlTable(
    header,
    rows.map((row) => row.map(escapeHtml)),
  );
}

/** What the numbers do not say by themselves. */
function remark({ baselines }: DistillationMetrics): string {
  const allLabels = baselines.filter(({ name }) => name.includes('all labels'));
  if (allLabels.length === 0) return '';
  const best = Math.max(...allLabels.map(({ accuracy }) => accuracy));
  return `<p>The rows “all labels” train the same students on the labels that were hidden from the others: with all of them a student reaches ${formatShare(best)} without any teacher. Distillation is for when those labels do not exist.</p>`;
}

function tradeOffs({ students, teacher }: DistillationMetrics): string {
  const plot = (key: 'bytes' | 'p50Ms', labels: Labels): string => {
    const x = teacher[key];
    return scatterPlot(
      [
        ...students.map((s) => ({ name: s.name, kind: 'student' as const, x: s[key], y: s.accuracy })),
        ...(x === null ? [] : [{ name: 'teacher', kind: 'teacher' as const, x, y: teacher.accuracy }]),
      ],
      labels,
    );
  };
  return [
    plot('bytes', { title: 'Size against accuracy', x: 'bytes, logarithmic', y: 'accuracy on test' }),
    plot('p50Ms', { title: 'Latency against accuracy', x: 'p50 in ms, logarithmic', y: 'accuracy on test' }),
  ].join('');
}

function epochNote({ runs }: DistillationMetrics): string {
  return `Every term of the loss by epoch, seed ${runs[0].seed}. An epoch is a fixed number of steps, after which dev is looked at; the best one there is kept.`;
}

function curves({ name, history, bestEpoch }: StudentRun): string {
  const series = (label: string, value: (epoch: StudentRun['history'][number]) => number | null): Series => ({
    name: label,
    values: history.map(value),
  });
  const losses = [
    series('total', (epoch) => epoch.totalLoss),
    series('model (gold labels)', (epoch) => epoch.modelLoss),
    series('distillation', (epoch) => epoch.distillationLoss),
    ...history[0].featureLosses.map((_, i) => series(`feature ${i + 1}`, (epoch) => epoch.featureLosses[i])),
  ];
  const dev = [
    series('accuracy', (epoch) => epoch.devAccuracy),
    series('agreement with the teacher', (epoch) => epoch.devAgreement),
  ];
  const weights = [
    series('model weight', (epoch) => epoch.modelWeight),
    series('alpha', (epoch) => epoch.alpha),
    series('temperature', (epoch) => epoch.temperature),
    ...history[0].betas.map((_, i) => series(`beta ${i + 1}`, (epoch) => epoch.betas[i])),
  ];
  return [
    `<h3>${escapeHtml(name)} <small>best epoch ${bestEpoch}</small></h3><div class="charts">`,
    lineChart(losses, { title: 'Loss by term', x: 'epoch', y: 'loss, mean over the epoch' }),
    lineChart(dev, { title: 'On dev', x: 'epoch', y: 'share of rows', fromZero: false }),
    lineChart(weights, { title: 'Weights and temperature', x: 'epoch', y: 'value' }),
    '</div>',
  ].join('');
}

function confusions({ seed, students }: SeedRun, labels: readonly string[]): readonly string[] {
  return students.flatMap(({ name, confusion }) => {
    if (confusion === null) return [];
    const rows = confusion.map((counts, i) => [`gold ${escapeHtml(labels[i])}`, ...counts.map(String)]);
    const header = ['', ...labels.map((label) => `predicted ${escapeHtml(label)}`)];
    return [`<h3>${escapeHtml(name)} <small>seed ${seed}</small></h3>${htmlTable(header, rows)}`];
  });
}

function disagreementTable({ student, rows }: StudentDisagreements): string {
  const cells = rows.map(({ text, gold, teacher, student: own, distance }) => [
    escapeHtml(excerptOf(text)),
    ...[gold, teacher, own].map((names) => escapeHtml(names.join(', ') || 'none')),
    distance.toFixed(3),
  ]);
  if (cells.length === 0) return `<h3>${escapeHtml(student)}</h3><p>They agree on every row of test.</p>`;
  return `<h3>${escapeHtml(student)}</h3>${htmlTable(['text', 'gold', 'teacher', 'student', 'distance'], cells)}`;
}

function excerptOf(text: string): string {
  if (text.length <= EXCERPT_CHARACTERS) return text;
  return `${text.slice(0, EXCERPT_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`;
}

function provenance({ startedAt, code, peakMemoryBytes, metrics }: RunRecord): string {
  const { machine, dataset, runs, seconds } = metrics;
  const stages = Object.entries(seconds).map(([stage, value]) => `${stage} ${value.toFixed(1)} s`);
  const commit =
    code.commit === null ? '' : `, commit ${code.commit.slice(0, 12)}${code.modified ? ' with changes' : ''}`;
  const run = `Begun ${startedAt} with retort ${code.retort}${commit}; at most ${formatBytes(peakMemoryBytes)} of memory.`;
  return `<footer><p>${escapeHtml(`${run} ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. ${stages.join(', ')}.`)}</p>
<p>Dataset SHA-256 ${escapeHtml(dataset.checksum)}; config SHA-256 of seed ${runs[0].seed} ${escapeHtml(runs[0].students[0].configHash)}. Latency is one text at a time, tokenization included, warm, on the median text of test. Drawn from record.json.</p></footer>`;
}

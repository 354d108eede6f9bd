import { describe, expect, it } from 'vitest';
import type { Disagreement } from '../../../src/train/distill/disagreements.ts';
import type { DistillationMetrics } from '../../../src/train/distill/metrics.ts';
import type { StudentDisagreements } from '../../../src/train/records/run-record.ts';
import { renderReport } from '../../../src/train/report/report.ts';
import { epochRecord, metricsOf, recordOf, studentMetrics, studentRun } from '../../support/records.ts';

const render = (metrics: DistillationMetrics, disagreements: readonly StudentDisagreements[]): string =>
  renderReport(recordOf({ metrics, disagreements }));

const ATTACK = '</script><img src=x onerror=alert(1)>';

function disagreement(changes: Partial<Disagreement> = {}): Disagreement {
  return { text: 'a mail', gold: ['ham'], teacher: ['spam'], student: ['ham'], distance: 0.4567, ...changes };
}

/** The content of all cells of one row of the tables. */
function cellsOf(html: string, firstCell: string): string[] {
  const row = html.split('<tr>').find((part) => part.startsWith(`<th scope="row">${firstCell}`)) ?? '';
  return [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell);
}

describe('renderReport', () => {
  const html = render(metricsOf(), [
    { student: 'small', rows: [disagreement()] },
    { student: 'tiny', rows: [] },
  ]);

  it('names every model, with its scores, size and latency', () => {
    const scores = ['.900', '.850', '265.2 KB', '248.5 KB', '0.0290', '0.0340'];
    const gains = ['1.020', '.930', '110x', '2,100x', '.910', '.990', '+.050'];
    expect(cellsOf(html, 'small (student, int8)')).toEqual([...scores, ...gains]);
    expect(cellsOf(html, 'tiny (student, int8)')[2]).toBe('90.0 KB');
    expect(cellsOf(html, 'teacher').slice(0, 6)).toEqual(['.880', '.800', '28.1 MB', '', '62.0', '71.0']);
    expect(cellsOf(html, 'majority').slice(0, 3)).toEqual(['.720', '.420', '']);
    expect(html).toContain('Teacher: large model.');
    for (const name of ['small', 'tiny']) expect(html).toMatch(new RegExp(`<text class="name"[^>]*>${name}</text>`));
  });

  it('has micro F1 beside F1 where a text may have several labels, and the other columns behind it', () => {
    const metrics = metricsOf();
    const withMicro = <T>(models: readonly T[]): (T & { microF1: number })[] =>
      models.map((model) => ({ ...model, microF1: 0.875 }));
    const [teacher] = withMicro([metrics.teacher]);
    const [students, baselines] = [withMicro(metrics.students), withMicro(metrics.baselines)];
    const several = render({ ...metrics, teacher, students, baselines }, []);
    expect(several).toMatch(/<th scope="col">F1<\/th>\s*<th scope="col">micro F1<\/th>\s*<th scope="col">size<\/th>/);
    expect(cellsOf(several, 'small (student, int8)').slice(0, 4)).toEqual(['.900', '.850', '.875', '265.2 KB']);
    expect(cellsOf(several, 'teacher').slice(0, 4)).toEqual(['.880', '.800', '.875', '28.1 MB']);
    expect(cellsOf(several, 'majority').slice(0, 4)).toEqual(['.720', '.420', '.875', '']);
    expect(html).not.toContain('micro F1');
  });

  it('gives all rows of the table of models as many cells as it has columns', () => {
    const [table] = html.split('</table>');
    const columns = table.match(/<th scope="col">/g)!.length;
    for (const row of table.split('<tr>').slice(2)) expect(row.match(/<t[hd]/g)).toHaveLength(columns);
  });

  it('draws a chart of losses, dev scores and weights for each student, every number one', () => {
    for (const name of ['small', 'tiny']) expect(html).toContain(`<h3>${name} <small>best epoch 2</small></h3>`);
    for (const title of ['Loss by term', 'On dev', 'Weights and temperature']) {
      expect(html.split(`<figcaption>${title}</figcaption>`)).toHaveLength(3);
    }
    expect(html).toContain('<title>feature 1</title>');
    expect(html).toContain('<title>beta 1</title>');
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('shows confusions and the rows where student and teacher differ', () => {
    expect(cellsOf(html, 'gold ham')).toEqual(['41', '2']);
    expect(cellsOf(html, 'a mail')).toEqual(['ham', 'spam', 'ham', '0.457']);
    expect(html).toContain('<h3>tiny</h3><p>They agree on every row of test.</p>');
  });

  it('loads nothing and runs no script', () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|base|form|a)\b/i);
    expect(html).not.toMatch(/\b(src|href|action|on\w+)\s*=/i);
    expect(html).not.toMatch(/https?:|\/\/|url\(|@import|javascript:|data:/i);
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    const style = /<style>.*?<\/style>/s;
    for (const [tag, slash, name] of html.replace(style, '').matchAll(/<(\/?)([a-z]\w*)[^>]*>/gi)) {
      if (slash === '/') expect(open.pop()).toBe(name);
      else if (!tag.endsWith('/>') && name !== 'meta') open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('says where the numbers come from', () => {
    for (const part of [
      'One seed (7)',
      'corpus: 1000 training rows, 50 of them labelled',
      'on wasm',
      'abc123',
      'Begun 2026-01-02T03:04:05.678Z with retort 1.2.3, commit 0123456789ab with changes; at most 512.0 MB of memory.',
      'c0ffee',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).toContain('test cpu, 2 cores, Node v20. data 0.5 s, training 117.3 s.');
    expect(html).toContain('with all of them a student reaches .982 without any teacher');
    expect(render(metricsOf({ seeds: [1, 2] }), [])).toContain('means over the seeds 1, 2');
  });

  it('escapes every text that comes from outside', () => {
    const [run] = metricsOf().runs;
    const hostile = metricsOf({
      name: ATTACK,
      dataset: { ...metricsOf().dataset, name: ATTACK, labels: [ATTACK, 'spam'] },
      teacher: { ...metricsOf().teacher, name: ATTACK },
      students: [studentMetrics(ATTACK)],
      baselines: [{ name: ATTACK, accuracy: 0, f1: 0 }],
      machine: { cpu: ATTACK, cores: 1, node: ATTACK },
      runs: [{ ...run, students: [studentRun(ATTACK)] }],
    });
    const names = { gold: [ATTACK], teacher: [ATTACK], student: [ATTACK] };
    const rows: StudentDisagreements[] = [{ student: ATTACK, rows: [disagreement({ text: ATTACK, ...names })] }];
    const page = render(hostile, rows);
    expect(page).not.toMatch(/<img|<\/script/);
    const escaped = '&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;';
    // Title 2, dataset 1, teacher 1, models 2, dots 2, curves 1, confusion 3, disagreement 1 + 4, machine 2.
    expect(page.split(escaped).length - 1).toBe(19);
  });

  it('cuts a long text and says so, and shows a row without labels as none', () => {
    const rows = [disagreement({ text: 'x'.repeat(281), student: [] }), disagreement({ text: 'y'.repeat(280) })];
    const page = render(metricsOf(), [{ student: 'small', rows }]);
    expect(page).toContain(`>${'x'.repeat(280)}…<`);
    expect(page).toContain(`>${'y'.repeat(280)}<`);
    const inEmoji = render(metricsOf(), [{ student: 'small', rows: [disagreement({ text: `${'z'.repeat(279)}😀` })] }]);
    expect(inEmoji).toContain(`>${'z'.repeat(279)}…<`);
    expect(cellsOf(page, 'xxx')).toEqual(['ham', 'spam', 'none', '0.457']);
  });

  it('is whole for a run of one epoch without baselines, with several labels a text', () => {
    const student = studentRun('small', {
      confusion: null,
      gain: null,
      bestEpoch: 1,
      history: [epochRecord(1, { featureLosses: [], betas: [], modelLoss: null, devAgreement: null })],
    });
    const [run] = metricsOf().runs;
    const students = [studentMetrics('small', { gain: null })];
    const page = render(metricsOf({ students, baselines: [], runs: [{ ...run, students: [student] }] }), []);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).toContain('<title>distillation</title>');
    expect(page).not.toContain('agreement with the teacher');
    expect(page).not.toContain('all labels');
    expect(page).not.toContain('gold ham');
  });
});

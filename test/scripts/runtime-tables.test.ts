import { describe, expect, it } from 'vitest';

const { runtimeTables } = await import('../../scripts/runtime-tables.mjs' as string);

const subject = { host: 'node20', student: 'conv', seqLen: 16, batch: 1, gzipBytes: 20_000, rssMb: 5, gops: 1 };
const row = (contestant: string, p50Ms: number, changes = {}) => {
  return { ...subject, contestant, p50Ms, p95Ms: p50Ms, coldMs: 2 * p50Ms, loadMs: 1, ...changes };
};
const rows = [
  row('retort-simd', 1),
  row('onnxruntime-web-int8', 7),
  row('onnxruntime-web-fp32', 4),
  row('retort-simd', 1, { seqLen: 32 }),
  row('retort-simd', 1, { batch: 32 }),
];

describe('runtimeTables', () => {
  it('has a line for each measurement of Retort, and leaves out peers that were not there', () => {
    const table: string = runtimeTables({ rows });
    expect(table).toContain('| 16 | 1 | node20 | simd | 1 | 1 | 2 | 1 | 4x | 4x |');
    expect(table.split('\n').filter((line) => line.includes('node20'))).toHaveLength(3);
    expect(table).not.toContain('TensorFlow.js');
  });
});

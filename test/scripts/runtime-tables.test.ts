import { describe, expect, it } from 'vitest';
import { runtimeRow as row } from '../support/runtime-row.ts';

const { runtimeTables } = await import('../../scripts/runtime-tables.mjs' as string);

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

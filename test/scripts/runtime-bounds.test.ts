import { describe, expect, it } from 'vitest';
import { runtimeRow as row } from '../support/runtime-row.ts';

const { runtimeBounds } = await import('../../scripts/runtime-bounds.mjs' as string);

const rows = [
  row('retort-simd', 1),
  row('onnxruntime-web-int8', 7),
  row('onnxruntime-web-fp32', 4),
  row('retort-simd', 1, { seqLen: 32 }),
  row('onnxruntime-web-int8', 2.5, { seqLen: 32 }),
  row('onnxruntime-web-fp32', 9, { seqLen: 32 }),
  row('retort-simd', 1, { batch: 32 }),
  row('onnxruntime-web-fp32', 1, { batch: 32 }),
];

describe('runtimeBounds', () => {
  it('takes the faster variant of a peer, the worst length at batch 1, and says what misses, by host and module', () => {
    const table: string = runtimeBounds({ rows, starts: [], floors: [] }, null);
    expect(table).toContain(
      '| `conv` over onnxruntime-web, hot | node20 | simd | 2.5x at 32 tokens | >= 3x | **misses** |',
    );
    expect(table).toContain(
      '| `conv` over onnxruntime-web, cold | node20 | simd | 2.5x at 32 tokens | >= 1.2x | holds |',
    );
  });

  it('says beside a miss what a call at the floor of the same case, or a load at that of the student, would give', () => {
    const floor = { host: 'node20', module: 'retort-simd', student: 'conv', p50Ms: 0.5, loadMs: 0.5 };
    const others = [
      row('retort-simd', 1, { student: 'static' }),
      row('onnxruntime-web-int8', 9, { student: 'static', loadMs: 8 }),
    ];
    const floors = [
      { ...floor, seqLen: 16 },
      { ...floor, seqLen: 32 },
      { ...floor, student: 'static', seqLen: 16 },
    ];
    const table: string = runtimeBounds({ rows: [...rows, ...others], starts: [], floors }, null);
    expect(table).toContain('| 2.5x at 32 tokens, 5x at most | >= 3x | **misses** |');
    expect(table).toContain('| 2.5x at 32 tokens | >= 1.2x | holds |');
    expect(table).toContain('| 9x at 16 tokens | >= 5x | holds |');
    expect(table).toContain(
      '| load of 1 MB over onnxruntime-web | node20 | simd | 8x, 16x at most | >= 20x | **misses** |',
    );
  });

  it('holds the product alone against its rate, and relaxed SIMD against SIMD128', () => {
    const of = { host: 'node20', student: 'chain-8x256', seqLen: 32, ceiling: { products: 60 } };
    const profiled = (contestant: string, isCold: boolean, matmulInt8: number) => {
      return { ...of, contestant, isCold, gops: { matmulInt8 } };
    };
    const profile = {
      rows: [
        profiled('retort-simd', false, 50),
        profiled('retort-relaxed', false, 100),
        profiled('retort-simd', true, 20),
        profiled('retort-relaxed', true, 30),
      ],
    };
    const table: string = runtimeBounds({ rows, starts: [], floors: [] }, profile);
    const product = '| int8 product 32 x 256 x 256 alone';
    expect(table).toContain(`${product} | node20 | simd | 50 GOPS, 60 at most | >= 80 GOPS | **misses** |`);
    expect(table).toContain(`${product}, over SIMD128, hot | node20 | relaxed | 2x | >= 1x | holds |`);
    expect(table).toContain(`${product}, over SIMD128, cold | node20 | relaxed | 1.5x | >= 2x | **misses** |`);
  });
});

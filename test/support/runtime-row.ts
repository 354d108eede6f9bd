/** A row of bench/results/runtime.json: of `conv` on one text of 16 tokens, cold twice as slow. */
const SUBJECT = { host: 'node20', student: 'conv', seqLen: 16, batch: 1, gzipBytes: 20_000, rssMb: 5, gops: 1 };
export const runtimeRow = (contestant: string, p50Ms: number, changes = {}) => {
  return { ...SUBJECT, contestant, p50Ms, p95Ms: p50Ms, coldMs: 2 * p50Ms, loadMs: 1, ...changes };
};

import type { Disagreement } from '../distill/disagreements.ts';
import type { DistillationMetrics } from '../distill/metrics.ts';

/** Disagreements of one student. */
export interface StudentDisagreements {
  readonly student: string;
  readonly rows: readonly Disagreement[];
}

/** Renders the report. */
export function renderReport(metrics: DistillationMetrics, _disagreements: readonly StudentDisagreements[]): string {
  return `<!doctype html><pre>${JSON.stringify(metrics)}</pre>`;
}

/** Vitest reporter that ends the run with one line every log reader understands: `Tests: N passed, N failed`. */
export class ClosingLine {
  onTestRunEnd(modules) {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state in count) count[state] += 1;
      }
      if (module.errors().length > 0) count.failed += 1;
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    process.stdout.write(`Tests: ${count.passed} passed, ${count.failed} failed${skipped}\n`);
  }
}

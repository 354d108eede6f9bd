/** What became of the mutants of student files. */
import { digits, table } from '../markdown.mjs';

export function fuzzTable(fuzz) {
  const { machine, seed, mutants, kinds, loaded, closeLooks, hits, neverHit, seconds } = fuzz;
  const { slowestMs, largestMemoryBytes, peakBytes, limits } = fuzz;
  const part = (count) => `${((100 * count) / mutants).toFixed(1)} %`;
  const megabytes = (bytes) => `${digits(bytes / 1e6, 3)} MB`;
  const most = `${megabytes(limits.memoryBytes)} and ${limits.memoryBytesPerByte} bytes a byte of the file`;
  return [
    `${mutants.toLocaleString('en')} mutants of seed ${seed}: ${part(kinds.structure)} structural, ${part(kinds.data)} with other bytes in their data, ${part(kinds.anywhere)} with other bytes anywhere. ${part(loaded)} load; each of the others is refused with a typed error. Rules never hit: ${neverHit.length === 0 ? 'none' : neverHit.map((rule) => `\`${rule}\``).join(', ')}. Of those that load, ${closeLooks.toLocaleString('en')} ran on kernels that check every index as well. Slowest ${digits(slowestMs, 3)} ms of the processor (bound ${limits.ms} ms and ${limits.msPerKilobyte} ms a kilobyte), largest linear memory ${megabytes(largestMemoryBytes)} (bound ${most}), peak of the process ${megabytes(peakBytes)}. ${machine.cpu}, Node ${machine.node}, ${(seconds / 60).toFixed(0)} minutes.`,
    table(
      ['rule', 'mutants refused'],
      Object.entries(hits).map(([rule, count]) => [`\`${rule}\``, count.toLocaleString('en')]),
    ),
  ].join('\n\n');
}

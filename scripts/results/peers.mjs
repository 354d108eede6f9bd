/** The runtime beside others. */
import { runtimeBounds } from '../runtime-bounds.mjs';
import { runtimeCosts, runtimeTables } from '../runtime-tables.mjs';

export function peerTables(peers, profile) {
  const { cpu, cores } = peers.machine;
  // Rows stand in the order in which they were measured.
  const results = { ...peers, rows: peers.rows.toSorted((a, b) => a.host.localeCompare(b.host)) };
  const tables = [runtimeBounds(results, profile), runtimeCosts(results), runtimeTables(results)];
  return [`${cpu}, ${cores} cores.`, ...tables].join('\n\n');
}

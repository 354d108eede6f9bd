/** The runtime beside others. */
import { runtimeBounds, runtimeCosts, runtimeTables } from '../runtime-tables.mjs';

export function peerTables(peers) {
  const { cpu, cores } = peers.machine;
  return [`${cpu}, ${cores} cores.`, runtimeBounds(peers), runtimeCosts(peers), runtimeTables(peers)].join('\n\n');
}

/** The runtime beside others. */
import { runtimeBounds } from '../runtime-bounds.mjs';
import { runtimeCosts, runtimeTables } from '../runtime-tables.mjs';

export function peerTables(peers, profile) {
  const { cpu, cores } = peers.machine;
  return [`${cpu}, ${cores} cores.`, runtimeBounds(peers, profile), runtimeCosts(peers), runtimeTables(peers)].join(
    '\n\n',
  );
}

/** Which processors a process may run on. */

/**
 * The last processor that a process may run on; null where that is not said.
 *
 * @param status of the process, as Linux has it in `/proc/self/status`
 */
export function lastProcessor(status: string): string | null {
  return /^Cpus_allowed_list:\s.*?(\d+)$/m.exec(status)?.[1] ?? null;
}

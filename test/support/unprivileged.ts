/** Root may write anywhere; tests of permissions need someone who may not. */

const NOBODY = 65_534;

/** Does `work` as a user whom permissions bind. */
export async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

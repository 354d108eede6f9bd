/** Whether a process of this machine is alive. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Which code a run was made with: this package, and the repository that it was started in. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PACKAGE_VERSION } from '../package-version.ts';

/** Code of a run. */
export interface CodeVersion {
  /** Version of this package. */
  readonly retort: string;
  /** Commit of the git repository around the working directory; null where there is none. */
  readonly commit: string | null;
  /** Whether files differed from that commit; null where there is none. */
  readonly modified: boolean | null;
}

/** Asks git, which need not be installed. */
export async function codeVersion(): Promise<CodeVersion> {
  const commit = await git('rev-parse', 'HEAD');
  const changes = commit === null ? null : await git('status', '--porcelain', '--untracked-files=no');
  return {
    retort: PACKAGE_VERSION,
    commit,
    modified: changes === null ? null : changes !== '',
  };
}

async function git(...args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', args, { timeout: 10_000 });
    return stdout.trim();
  } catch {
    return null;
  }
}

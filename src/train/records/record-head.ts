/** What every record begins with: when, with which code, and how a run was asked for. */
import type { ResolvedConfig } from '../config/config.ts';
import { type CodeVersion, codeVersion } from './code-version.ts';
import { withoutSecrets } from './secrets.ts';

/** The same in every record. */
export interface RecordHead {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly code: CodeVersion;
  /** With all defaults; a function that loads data is the word `function`. Seeds, paths and backend included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Most memory that the process had at once, its threads included, in bytes. */
  readonly peakMemoryBytes: number;
}

/** The head of the record of a run that ends now. */
export async function recordHead(config: ResolvedConfig, startedAt: Date): Promise<RecordHead> {
  const { data } = config;
  return {
    startedAt: startedAt.toISOString(),
    code: await codeVersion(),
    config: withoutSecrets({ ...config, data: typeof data === 'function' ? 'function' : data }, process.env),
    peakMemoryBytes: 1024 * process.resourceUsage().maxRSS,
  };
}

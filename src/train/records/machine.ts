/** What a run ran on. */
import { cpus } from 'node:os';

/** Processor, its cores as the system counts them, and the version of Node. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
}

/** This machine. */
export function describeMachine(): Machine {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
}

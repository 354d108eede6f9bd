/** Packages that only some teachers need: optional peers, loaded when they are asked for. */
import { createRequire } from 'node:module';
import { UnsupportedError } from '../format/index.ts';

/** A package, who needs it, and how to get it. */
export interface Peer {
  /** As it is imported. */
  readonly name: string;
  /** For messages, e.g. `a chat teacher`. */
  readonly neededBy: string;
  /** e.g. `npm install openai@^6.49.0`. */
  readonly install: string;
}

/**
 * Looks whether a package is there, without loading it.
 *
 * @throws UnsupportedError with code `missing_peer` and the install line
 */
export function checkPeer({ name, neededBy, install }: Peer): void {
  try {
    createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    const message = `${neededBy} needs ${name}, which is not installed. Run: ${install}`;
    throw new UnsupportedError(message, { cause, code: 'missing_peer' });
  }
}

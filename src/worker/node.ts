/**
 * The server in Node, through `@hono/node-server`. Hono and its Node adapter are optional peers: they are
 * loaded when a server is asked for, and one install line says what is missing.
 *
 * @module
 */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError, UnsupportedError } from '../format/index.ts';
import { modelIds } from './model-ids.ts';
import type { AppOptions } from './options.ts';

/** Options of {@link serve}. */
export interface ServeOptions extends AppOptions {
  /** 8787 by default, as `wrangler dev`; 0 for any free one. */
  readonly port?: number;
  /** `127.0.0.1` by default: only this machine. `0.0.0.0` answers every network. */
  readonly host?: string;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it answers, e.g. `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Ids of the models, in the order of the predictors. */
  readonly models: readonly string[];
  /** Takes no new connections, lets what is being answered finish, and resolves when all is closed; may be called again. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 8787;
/** Longest that {@link RunningServer.close} waits for answers before it cuts their connections. */
const CLOSE_TIMEOUT_MS = 5000;
const INSTALL = 'npm install hono@^4.13.0 @hono/node-server@^2.1.9';

/**
 * Serves predictors over HTTP.
 *
 * @throws UnsupportedError where a peer is not installed
 * @throws InputError where an option is wrong, or the port is taken
 */
export async function serve({
  port = DEFAULT_PORT,
  host = '127.0.0.1',
  ...options
}: ServeOptions): Promise<RunningServer> {
  const { createAdaptorServer, createApp } = await loadPeers();
  const app = createApp(options);
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await listen(server, port, host);
  const { address, family, port: bound } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    models: modelIds(options.predictors),
    close() {
      closing ??= close(server);
      return closing;
    },
  };
}

async function loadPeers(): Promise<
  Pick<typeof import('@hono/node-server'), 'createAdaptorServer'> & Pick<typeof import('./app.ts'), 'createApp'>
> {
  try {
    const [{ createAdaptorServer }, { createApp }] = await Promise.all([
      import('@hono/node-server'),
      import('./app.ts'),
    ]);
    return { createAdaptorServer, createApp };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UnsupportedError(`the server needs packages that are not installed. Run: ${INSTALL}`, {
      code: 'missing_peer',
      cause: error,
    });
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'it is in use; choose another port' : error.message;
      reject(new InputError(`port ${port} on ${host}: expected to listen, but ${reason}.`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    // Idle keep-alive connections close at once, busy ones when they have answered.
    server.close((error) => {
      clearTimeout(cut);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

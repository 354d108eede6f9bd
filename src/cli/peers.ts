/** Packages that a user may not have installed: one exact line says what to install. */
import { UnsupportedError } from '../runtime/index.ts';

/** Loads esbuild. @throws UnsupportedError with code `missing_peer` */
export function loadEsbuild(): Promise<typeof import('esbuild')> {
  return orInstall(import('esbuild'), 'a config in TypeScript', 'esbuild');
}

/** Loads the server. @throws UnsupportedError with code `missing_peer` */
export function loadWorker(): Promise<typeof import('../worker/index.ts')> {
  return orInstall(import('../worker/index.ts'), 'a comparison', 'hono@^4.13.0');
}

async function orInstall<T>(loading: Promise<T>, purpose: string, packages: string): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UnsupportedError(`${purpose} needs packages that are not installed. Run: npm install ${packages}`, {
      code: 'missing_peer',
      cause,
    });
  }
}

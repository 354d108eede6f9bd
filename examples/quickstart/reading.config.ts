/**
 * How much of a mail `static` should read: the quickstart's student, and one that reads twice as many characters as
 * single words.
 *
 *   npx retort distill examples/quickstart/reading.config.ts --seeds 3
 */
import { defineConfig } from 'retort-edge/train';
import quickstart from './retort.config.ts';

export default defineConfig({
  ...quickstart,
  name: 'reading',
  outDir: '../../out/reading',
  students: [
    { family: 'static', name: 'static' },
    { family: 'static', name: 'static-2000-words', maxCharacters: 2000, wordNgrams: 1 },
  ],
});

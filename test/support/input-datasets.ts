/** Small datasets of pairs and of images, the same in every run. */
import { contentHash } from '../../src/train/data/content-hash.ts';
import type { Dataset, Row } from '../../src/train/data/dataset.ts';
import { createRandom } from '../../src/train/random.ts';

const random = createRandom(8);
const rowOf = (fields: Row['fields'], label: string): Row => ({ id: contentHash(fields), fields, labels: [label] });

/** Two of a few words: the same one, or two of them. */
function pairs(count: number): readonly Row[] {
  const words = ['prize', 'won', 'free', 'meet', 'noon', 'a', 'you', 'at'];
  const draw = (): string => `${words[random.uint32() % words.length]} ${words[random.uint32() % words.length]}`;
  return Array.from({ length: count }, (_, i) => {
    const [text, other] = [draw(), draw()];
    const pair = i % 2 === 0 ? text : other;
    return { ...rowOf({ text, pair }, text === pair ? 'same' : 'different'), id: `${i}/${count}` };
  });
}

/** A bright row, or a bright column, in the dark. */
function images(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, i) => {
    const [label, line] = [i % 2 === 0 ? 'row' : 'column', random.uint32() % 8];
    const pixels = Uint8Array.from({ length: 64 }, (__, at) => {
      const isLine = (label === 'row' ? Math.floor(at / 8) : at % 8) === line;
      return (isLine ? 180 : 0) + (random.uint32() % 60);
    });
    const caption = `a bright ${label}, number ${line}`;
    return rowOf({ image: Buffer.from(pixels).toString('base64'), caption }, label);
  });
}

const task = { name: 'inputs', multiLabel: false } as const;

/** Whether two texts are the same. */
export const PAIRS: Dataset = {
  ...task,
  ...{ labels: ['different', 'same'], teacherField: 'text', studentField: 'text', pairField: 'pair' },
  ...{ train: pairs(160), dev: pairs(42), test: pairs(60) },
};

/** Whether an image has a bright row or a bright column. */
export const IMAGES: Dataset = {
  ...task,
  ...{ labels: ['column', 'row'], teacherField: 'image', studentField: 'image' },
  image: { height: 8, width: 8, channels: 1 },
  ...{ train: images(160), dev: images(42), test: images(60) },
};

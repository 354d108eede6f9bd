/** FastText compiled to WebAssembly (`fasttext.wasm.js`); it reads texts and gives scores. */
import type { Input } from '../case.ts';
import type { Contestant } from './contestant.ts';

interface Pairs {
  size(): number;
  get(i: number): readonly [score: number, label: string];
  delete(): void;
}

interface FastTextModule {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
  readonly FastText: new () => {
    loadModel(path: string): void;
    predict(text: string, k: number, least: number): Pairs;
  };
}

/** Labels as {@link fastTextModel} of the benchmark names them, in order. */
export const FASTTEXT_LABELS: readonly string[] = ['__label__ham', '__label__spam'];

/** Loads the part of the package that runs in Node; the package is one of bench/package.json. */
export async function fastTextWasm(): Promise<Contestant> {
  const name = 'fasttext.wasm.js/dist/core/fastText.node.js';
  const { default: createModule } = (await import(name)) as { default: () => Promise<FastTextModule> };
  return {
    async load({ fastText }) {
      const module = await createModule();
      module.FS.writeFile('model.bin', fastText!);
      const model = new module.FastText();
      model.loadModel('model.bin');
      const width = FASTTEXT_LABELS.length;
      return {
        prepare:
          ({ texts }: Input) =>
          () => {
            const answers = new Float32Array(texts.length * width);
            for (const [row, text] of texts.entries()) {
              const pairs = model.predict(text, width, 0);
              for (let i = 0; i < pairs.size(); i++) {
                const [score, label] = pairs.get(i);
                answers[row * width + FASTTEXT_LABELS.indexOf(label)] = score;
              }
              pairs.delete();
            }
            return answers;
          },
        dispose() {},
      };
    },
  };
}

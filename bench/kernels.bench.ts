/**
 * The runtime by itself, in Node: int8 product, students, call overhead, load. `npm run bench:kernels [-- --json]`
 *
 * Every SIMD answer is held against the scalar reference bit for bit before it is timed.
 */
import { cpus } from 'node:os';
import { chooseKernels } from '../src/runtime/kernels/choose.ts';
import { inlinedModules } from '../src/runtime/kernels/inlined.ts';
import { packInt8, quantizedBytes, RESERVED_BYTES } from '../src/runtime/kernels/kernels.ts';
import { readStudent } from '../src/runtime/node.ts';
import { createRandom } from '../src/train/random.ts';
import { convBench, staticBench } from './students.ts';
import { expectSame, type Timing, time } from './timing.ts';

interface Figure {
  readonly subject: string;
  readonly unit: string;
  readonly value: number;
  /** The bound of the project, or null. */
  readonly bound: string | null;
}

/** 1,000 characters of ordinary words. */
const TEXT = 'thank you for your order of the blue lamp which has left our house this morning and will be with you '
  .repeat(10)
  .slice(0, 1000);

const figures: Figure[] = [...product(32, 256, 256), ...(await students()), await overhead(), await load()];
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };

if (process.argv.includes('--json')) console.log(JSON.stringify({ machine, figures }, null, 1));
else {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  for (const { subject, unit, value, bound } of figures) {
    const goal = bound === null ? '' : `   (bound ${bound})`;
    console.log(`${subject.padEnd(52)} ${value.toPrecision(3).padStart(9)} ${unit}${goal}`);
  }
}

/** An int8 product with quantization of its activations, as a dense layer runs it. */
function product(rows: number, inputSize: number, outputSize: number): readonly Figure[] {
  const contestants = (['simd', 'scalar'] as const).map((name) => {
    const { run, output } = productOn(name, rows, inputSize, outputSize);
    return { name, run, output };
  });
  for (const { run } of contestants) run();
  expectSame('int8 product', contestants[0].output(), contestants[1].output());
  const operations = 2 * rows * inputSize * outputSize;
  const [simd, scalar] = time(contestants, 200, 4);
  const gops = ({ p50Ms }: Timing): number => operations / p50Ms / 1e6;
  const shape = `int8 dense ${rows}x${inputSize}x${outputSize}`;
  return [
    { subject: `${shape}, SIMD128`, unit: 'GOPS', value: gops(simd), bound: null },
    { subject: `${shape}, SIMD128 over scalar`, unit: 'x', value: scalar.p50Ms / simd.p50Ms, bound: null },
  ];
}

function productOn(
  backend: 'simd' | 'scalar',
  rows: number,
  inputSize: number,
  outputSize: number,
): { readonly run: () => void; readonly output: () => Float32Array } {
  const random = createRandom(3);
  const { group, place: placeKernels } = chooseKernels(false, inlinedModules, backend);
  const { kernels, memory } = placeKernels(4 * 1024 * 1024);
  let end = RESERVED_BYTES;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const x = place(4 * rows * inputSize);
  const q = place(quantizedBytes(rows, inputSize, group));
  const scales = place(4 * rows);
  const zeros = place(4 * rows);
  const weights = Int8Array.from(random.normals(outputSize * inputSize, 40), (v) => Math.max(-127, Math.min(127, v)));
  const [packed, weightSums] = packInt8(weights, outputSize, inputSize, group);
  const w = place(packed.byteLength);
  const sums = place(weightSums.byteLength);
  const weightScales = place(4 * outputSize);
  const bias = place(4 * outputSize);
  const out = place(4 * rows * outputSize);
  new Float32Array(memory, x, rows * inputSize).set(random.normals(rows * inputSize, 1));
  new Uint8Array(memory, w).set(new Uint8Array(packed.buffer));
  new Int32Array(memory, sums).set(weightSums);
  new Float32Array(memory, weightScales, outputSize).fill(0.01);
  const run = (): void => {
    kernels.quantizeRows(q, scales, zeros, x, rows, inputSize);
    kernels.matmulInt8(out, q, scales, zeros, w, sums, weightScales, bias, rows, inputSize, outputSize, 1);
  };
  return { run, output: () => new Float32Array(memory, out, rows * outputSize) };
}

async function students(): Promise<readonly Figure[]> {
  const files = [
    { name: 'static, 8,192 x 24, 265 KB', bytes: await staticBench(8192, 24), bound: '0.1' },
    { name: 'conv, 4,000 x 32, 64 tokens', bytes: await convBench(4000, 64), bound: '0.5' },
    { name: 'conv, 4,000 x 32, 128 tokens', bytes: await convBench(4000, 128), bound: '0.5' },
  ];
  return files.flatMap(({ name, bytes, bound }) => {
    const contestants = (['simd', 'scalar'] as const).map((kernels) => {
      const student = readStudent(bytes, { kernels });
      return { name: kernels, student, run: () => student.classify(TEXT) };
    });
    expectSame(name, contestants[0].student.logits(TEXT), contestants[1].student.logits(TEXT));
    const [simd, scalar] = time(contestants, 2000);
    return [
      { subject: `${name}, p50`, unit: 'ms', value: simd.p50Ms, bound },
      { subject: `${name}, p95`, unit: 'ms', value: simd.p95Ms, bound: null },
      { subject: `${name}, SIMD128 over scalar`, unit: 'x', value: scalar.p50Ms / simd.p50Ms, bound: null },
    ];
  });
}

/** The smallest student there can be: what is left is the call. */
async function overhead(): Promise<Figure> {
  const student = readStudent(await staticBench(16, 1, 1));
  const [{ p50Ms }] = time([{ name: 'call', run: () => student.classify('a') }], 200, 1000);
  return { subject: 'classify of the smallest student, one word', unit: 'us', value: p50Ms * 1000, bound: '5' };
}

/** From bytes to the first prediction, in an engine that is warm. */
async function load(): Promise<Figure> {
  const bytes = await staticBench(32_768, 24);
  const run = (): void => {
    const student = readStudent(bytes);
    student.classify('a b c');
    student.dispose();
  };
  const [{ p50Ms }] = time([{ name: 'load', run }], 60);
  const size = (bytes.length / 1e6).toFixed(2);
  return { subject: `load of a ${size} MB student to its first answer`, unit: 'ms', value: p50Ms, bound: '5' };
}

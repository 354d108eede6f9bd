import { describe, expect, it } from 'vitest';
import { describeInput, kindOfInput, pixelsOf, textsOfInput } from '../../src/train/inputs.ts';
import { StudentNetwork } from '../../src/train/student-network.ts';
import { IMAGE, imageStudent } from '../support/students.ts';

const length = IMAGE.height * IMAGE.width * IMAGE.channels;
const bytes = Uint8Array.from({ length: 2 * length }, (_, i) => (7 * i) % 256);
const plain = bytes.slice(length);

describe.each([
  ['Uint8Array', bytes.subarray(length)],
  ['Uint8ClampedArray', new Uint8ClampedArray(bytes.buffer, length)],
])('pixels in a %s that views a larger buffer', (_, pixels) => {
  it('are an image', () => {
    expect(kindOfInput(pixels)).toBe('image');
    expect(describeInput(pixels)).toBe(`an image of ${length} bytes`);
  });

  it('stand for their own bytes in base64, which a row gives back', () => {
    const [base64, ...others] = textsOfInput(pixels);
    expect(others).toEqual([]);
    expect(pixelsOf(base64)).toEqual(plain);
  });

  it('are trained on as they are', () => {
    const network = new StudentNetwork({ spec: imageStudent().spec, tokenizerTensors: new Map() });
    expect(network.encode(pixels)).toEqual([Int32Array.from(plain)]);
  });
});

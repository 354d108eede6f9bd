import { describe, expect, it } from 'vitest';
import { formatBytes, formatMs, formatShare, formatTimes } from '../../../src/train/report/figures.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [265_240, '265.2 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1.0 MB'],
    [1_000_000, '1.0 MB'],
    [28_121_983, '28.1 MB'],
  ])('of %d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatMs', () => {
  it.each([
    [0.0294, '0.0294'],
    [1, '1.00'],
    [62.04, '62.0'],
    [99.94, '99.9'],
    [99.96, '100'],
    [100.4, '100'],
    [1234.5, '1235'],
  ])('of %d is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});

describe('formatShare', () => {
  it.each([
    [0, '.000'],
    [0.9369, '.937'],
    [0.9996, '1.000'],
    [1, '1.000'],
    [1.0497, '1.050'],
  ])('of %d is %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('formatTimes', () => {
  it.each([
    [0.54, '0.5x'],
    [9.94, '9.9x'],
    [106.02, '110x'],
    [2141.7, '2,100x'],
  ])('of %d is %s', (times, text) => {
    expect(formatTimes(times)).toBe(text);
  });
});

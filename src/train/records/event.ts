/**
 * TensorBoard's `Event` as bytes of protocol buffers, as far as scalars need it: wall time (field 1, double), step (2,
 * int64), and either the version of the file (3, string) or a `Summary` (5) of values, each a tag (1, string) and a
 * number (2, float). (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto.)
 */

/** Values of one step. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly scalars: ReadonlyMap<string, number>;
}

/** How the bytes of a field are laid out. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/** The first event of every file. */
export function encodeFileVersion(wallTime: number): Buffer {
  return Buffer.concat([double(1, wallTime), bytes(3, Buffer.from('brain.Event:2'))]);
}

/** Scalars; a number becomes a float of 32 bits, as TensorBoard keeps it. */
export function encodeScalars({ wallTime, step, scalars }: ScalarEvent): Buffer {
  const values = [...scalars].map(([tag, value]) =>
    bytes(1, Buffer.concat([bytes(1, Buffer.from(tag)), float(2, value)])),
  );
  return Buffer.concat([double(1, wallTime), key(2, VARINT), varint(step), bytes(5, Buffer.concat(values))]);
}

function key(field: number, layout: number): Buffer {
  return varint(field * 8 + layout);
}

/** @param value an integer, at least 0 */
function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}

function double(field: number, value: number): Buffer {
  const number = Buffer.alloc(8);
  number.writeDoubleLE(value);
  return Buffer.concat([key(field, FIXED_64), number]);
}

function float(field: number, value: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED_32), number]);
}

function bytes(field: number, data: Buffer): Buffer {
  return Buffer.concat([key(field, LENGTH), varint(data.length), data]);
}

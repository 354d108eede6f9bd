/** Reads event files of TensorBoard, with every checksum, by the documents of TFRecord and protocol buffers alone. */

/** What an event says. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion: string | null;
  readonly scalars: Readonly<Record<string, number>>;
}

type Field = { readonly field: number; readonly value: bigint | Buffer };

/** All events of a file. Throws where a length or a checksum is wrong, or something is left over. */
export function readEvents(file: Buffer): readonly ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expectCrc(file.subarray(at, at + 8), file.readUInt32LE(at + 8));
    expectCrc(data, file.readUInt32LE(at + 12 + length));
    events.push(readEvent(data));
    at += 16 + length;
  }
  return events;
}

function expectCrc(bytes: Buffer, masked: number): void {
  const unmasked = (masked - 0xa282ead8 + 2 ** 32) % 2 ** 32;
  const crc = ((unmasked << 15) | (unmasked >>> 17)) >>> 0;
  if (crc !== bitwiseCrc(bytes)) throw new Error(`checksum ${crc}, not that of ${bytes.toString('hex')}`);
}

/** CRC-32C, a bit at a time. */
function bitwiseCrc(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((crc ^ (byte >> bit)) & 1) === 1;
      crc = isOdd ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function readEvent(data: Buffer): ReadEvent {
  const fields = new Map(readFields(data).map(({ field, value }) => [field, value]));
  const version = fields.get(3) as Buffer | undefined;
  const summary = fields.get(5) as Buffer | undefined;
  const values = summary === undefined ? [] : readFields(summary).map(({ value }) => readFields(value as Buffer));
  return {
    wallTime: (fields.get(1) as Buffer).readDoubleLE(),
    step: Number(fields.get(2) ?? 0n),
    fileVersion: version?.toString() ?? null,
    scalars: Object.fromEntries(
      values.map(([tag, number]) => [(tag.value as Buffer).toString(), (number.value as Buffer).readFloatLE()]),
    ),
  };
}

function readFields(data: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    if (at > data.length) throw new Error(`a field of ${length} bytes ends behind its message`);
    return data.subarray(at - length, at);
  };
  while (at < data.length) {
    const key = Number(varint());
    const layout = key & 7;
    const value = layout === 0 ? varint() : take(layout === 1 ? 8 : layout === 5 ? 4 : Number(varint()));
    fields.push({ field: key >> 3, value });
  }
  return fields;
}

/** Gives the exports of a WebAssembly module other names (WebAssembly Core Specification 2.0, 5.5.10: export section). */

const HEADER_BYTES = 8;
const EXPORT_SECTION = 7;

/**
 * @param bytes a module
 * @param names the new name by the old one; an export that is not among them keeps its name
 * @returns the bytes of the renamed module
 */
export function renameExports(bytes, names) {
  const renamed = [...bytes.subarray(0, HEADER_BYTES)];
  const reader = new Reader(bytes, HEADER_BYTES);
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const section = reader.take(reader.integer());
    const body = id === EXPORT_SECTION ? renameSection(section, names) : section;
    renamed.push(id, ...integerBytes(body.length), ...body);
  }
  return Uint8Array.from(renamed);
}

/** A count, and for each export its name, what kind it is, and the index of what it is. */
function renameSection(section, names) {
  const reader = new Reader(section, 0);
  const count = reader.integer();
  const renamed = integerBytes(count);
  for (let i = 0; i < count; i++) {
    const name = new TextDecoder().decode(reader.take(reader.integer()));
    const newName = new TextEncoder().encode(names.get(name) ?? name);
    renamed.push(...integerBytes(newName.length), ...newName, reader.byte(), ...integerBytes(reader.integer()));
  }
  return renamed;
}

/** Reads a module from a place on. */
class Reader {
  #bytes;
  at;

  constructor(bytes, at) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.#bytes[this.at++];
  }

  take(length) {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  /** An unsigned integer in LEB128. */
  integer() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

/** An unsigned integer in LEB128. */
function integerBytes(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...integerBytes(value >>> 7)];
}

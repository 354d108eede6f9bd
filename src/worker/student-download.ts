/**
 * A student's own file, for clients that run it themselves. Its address in the model list carries a part of its
 * SHA-256, and only that address is cached for good: a new student under the same id is another address.
 */

/** Hex digits of the SHA-256 in an address: 64 bits, far more than the versions of one model ever need. */
const VERSION_DIGITS = 16;

/** The bytes of one student with their digest, which is computed when it is first needed. */
export class StudentDownload {
  readonly #id: string;
  readonly #bytes: Uint8Array;
  #digest: Promise<string> | null = null;

  constructor(id: string, bytes: Uint8Array) {
    this.#id = id;
    this.#bytes = bytes;
  }

  /** Path and query of this version of the file. */
  async url(): Promise<string> {
    const version = (await this.#sha256()).slice(0, VERSION_DIGITS);
    return `/v1/models/${encodeURIComponent(this.#id)}/student.safetensors?v=${version}`;
  }

  /**
   * Answers a request for the file.
   *
   * @param version - the `v` of the address, undefined for whatever is newest
   * @param ifNoneMatch - the header of that name, null where it is absent
   */
  async respond(version: string | undefined, ifNoneMatch: string | null): Promise<Response> {
    const digest = await this.#sha256();
    const etag = `"${digest}"`;
    const isFixed = version === digest.slice(0, VERSION_DIGITS);
    const headers = {
      ETag: etag,
      'Cache-Control': isFixed ? 'public, max-age=31536000, immutable' : 'public, no-cache',
      // A page that is isolated from other origins (COEP) may still load the file.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    // A cache that compressed the file on the way weakens the tag; the content is the same.
    const isKnown = ifNoneMatch?.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false;
    if (isKnown) return new Response(null, { status: 304, headers });
    return new Response(asBody(this.#bytes), {
      headers: {
        ...headers,
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(this.#bytes.byteLength),
      },
    });
  }

  #sha256(): Promise<string> {
    this.#digest ??= crypto.subtle
      .digest('SHA-256', asBody(this.#bytes))
      .then((hash) => Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join(''));
    return this.#digest;
  }
}

/** Students are never in shared memory; only the type of `Uint8Array` leaves that open. */
function asBody(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

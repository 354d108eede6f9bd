/** What the tests use of the module that the Workers pool of Vitest offers them. */
declare module 'cloudflare:test' {
  /** The Worker of wrangler.toml, asked as a client asks it. */
  export const SELF: { fetch(url: string, init?: RequestInit): Promise<Response> };
}

/**
 * The errors that Retort throws on purpose. Every one carries a stable `code` for programs and a message for people:
 * what was expected, what came, what to do. They live in the leaf room, so that every other room can throw and test for them.
 */

/** Base of every error that Retort throws on purpose. */
export class RetortError extends Error {
  /** Stable, machine-readable name of what went wrong, in `snake_case`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A value handed in from outside (a text, a row, a config, an HTTP body) is not what the contract asks for. */
export class InputError extends RetortError {
  constructor(message: string, options?: ErrorOptions & { readonly code?: string }) {
    super(options?.code ?? 'invalid_input', message, options);
  }
}

/** More is asked of something than it will work through in good time; the same call may succeed later. */
export class BusyError extends RetortError {
  constructor(message: string, options?: ErrorOptions) {
    super('busy', message, options);
  }
}

/** The request is well formed, and this installation or this host cannot do it: a missing peer, no such backend. */
export class UnsupportedError extends RetortError {
  constructor(message: string, options?: ErrorOptions & { readonly code?: string }) {
    super(options?.code ?? 'unsupported', message, options);
  }
}

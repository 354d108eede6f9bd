/** Why a file could not be read, in the words of whoever named it. */

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
};

/** What a message says that it got: "no such file", "a folder", or the code of the operating system. */
export function fileFault(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return FAULTS[code ?? ''] ?? code ?? message;
}

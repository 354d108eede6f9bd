/**
 * A headless Chromium for tests: an installed Chrome or Chromium where there is one, else the build that comes with
 * `@sparticuz/chromium`. That package unpacks into the temporary folder and believes a half-unpacked file of another
 * process, so it unpacks in a process of its own, into a folder of its own, which gets its name when it is complete. Its
 * fonts.conf looks for fonts in `/tmp/fonts` alone, and without any font Chromium aborts: ours names the folder.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const UNPACK = `
import chromium from '@sparticuz/chromium';
await chromium.executablePath();
`;

interface Executable {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a browser that asks nobody outside the page for anything; the caller closes it. */
export function launchChromium(): Promise<Browser> {
  const { path, env } = findInstalled() ?? unpackBundled();
  return chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    env: { ...process.env, ...env },
  });
}

function findInstalled(): Executable | null {
  const path = [process.env.CHROME_PATH ?? '', ...INSTALLED].find((candidate) => existsSync(candidate));
  return path === undefined ? null : { path, env: {} };
}

function unpackBundled(): Executable {
  const manifest = new URL('../../package.json', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const folder = join(tmpdir(), `retort-chromium-${version}`);
  if (!existsSync(folder)) {
    const part = mkdtempSync(`${folder}-`);
    // The name of this host is what makes the package unpack its shared libraries, too.
    const env = { ...process.env, TMPDIR: part, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    execFileSync(process.execPath, ['--input-type=module', '--eval', UNPACK], { env });
    writeFileSync(join(part, 'fonts.conf'), fontsConf(folder));
    try {
      renameSync(part, folder);
    } catch (error) {
      // Another process was faster.
      rmSync(part, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

function fontsConf(folder: string): string {
  const [fonts, cache] = [join(folder, 'fonts'), join(folder, 'fonts-cache')];
  return `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`;
}

/**
 * Builds the server's page: HTML, style, script and the runtime with its wasm become one string in
 * src/worker/page.generated.ts, together with the policy that allows exactly this script and this style.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const TARGET = 'src/worker/page.generated.ts';

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    loader: { '.wasm': 'binary' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  // A closing tag inside a string would end the element that holds it.
  return outputFiles[0].text.trim().replaceAll('</', '<\\/');
}

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Writes the page; the kernels must have been built. */
export async function buildPage() {
  const style = await bundle('src/worker/page/page.css');
  const script = await bundle('src/worker/page/page.ts');
  const template = await readFile('src/worker/page/index.html', 'utf8');
  // Functions, because `$` in a replacement string has a meaning.
  const html = template
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const source = [
    '/** Written by scripts/build-page.mjs. */',
    `export const PAGE_HTML: string = ${JSON.stringify(html)};`,
    `export const PAGE_CONTENT_SECURITY_POLICY: string = ${JSON.stringify(policy)};`,
    '',
  ].join('\n');
  await writeFile(`${TARGET}.part`, source);
  await rename(`${TARGET}.part`, TARGET);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildPage();

/** `retort deploy`: a Worker entry and a wrangler.toml for any student, and wrangler on it. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError, RetortError, UnsupportedError } from '../runtime/index.ts';
import { fileFault, writeFileAtomic } from '../train/index.ts';
import { loadClassifier } from './predictors.ts';
import type { Terminal } from './terminal.ts';

interface DeployOptions {
  readonly dryRun?: true;
  readonly name?: string;
  readonly out?: string;
}

/** The newest date that the tested version of workerd knows. */
const COMPATIBILITY_DATE = '2026-04-01';

/** As wrangler asks. */
const WORKER_NAME = /^[a-z0-9_][a-z0-9_-]{0,62}$/;

const ENTRY = `import { createWorker } from 'retort-edge/worker/cloudflare';
import bytes from './student.safetensors';

export default createWorker({ students: [{ bytes }] });
`;

/** The command. */
export function deployCommand(terminal: Terminal): Command {
  return new Command('deploy')
    .description('Write a Cloudflare Worker around a student and deploy it with wrangler.')
    .argument('<student>', 'a student file')
    .option('--dry-run', 'bundle and check, upload nothing')
    .option('--name <name>', 'name of the Worker; by default <folder of the student>-<student>')
    .option('--out <folder>', 'folder of the Worker; worker-<folder of the student>-<student> by default')
    .addHelpText(
      'after',
      `
Examples:
  $ retort deploy --dry-run out/spam/static.safetensors
  $ retort deploy out/spam/static.safetensors --name spam-filter

The folder is yours: edit its index.js and wrangler.toml, which stay as you leave them; run wrangler there yourself.
When its wrangler.toml has another name, pass that as --name.`,
    )
    .action((student: string, options: DeployOptions) => runDeploy(student, options, terminal));
}

async function runDeploy(path: string, options: DeployOptions, terminal: Terminal): Promise<void> {
  const { bytes, student } = await loadClassifier(path);
  const usual = workerName(`${basename(dirname(resolve(path)))}-${student.info.name}`);
  const { name = usual } = options;
  if (!WORKER_NAME.test(name)) {
    const got = JSON.stringify(name);
    throw new InputError(`--name: expected 1 to 63 of a-z, 0-9, "_" and "-", no "-" first, got ${got}; choose another`);
  }
  const folder = resolve(options.out ?? `worker-${usual}`);
  const wrangler = findWrangler();
  await checkOwner(join(folder, 'wrangler.toml'), name);
  await writeFileAtomic(join(folder, 'student.safetensors'), bytes);
  const written = ['student.safetensors'];
  for (const [file, text] of [
    ['index.js', ENTRY],
    ['wrangler.toml', wranglerToml(name)],
  ]) {
    if (await writeUnlessEdited(join(folder, file), text)) written.push(file);
    else
      terminal.note(
        `Kept ${relative('.', join(folder, file))}, which differs from what deploy writes; delete it for a new one.`,
      );
  }
  terminal.note(`Wrote ${relative('.', folder) || '.'}: ${written.join(', ')}`);
  const args = ['deploy', '--config', join(folder, 'wrangler.toml'), ...(options.dryRun ? ['--dry-run'] : [])];
  const code = await run(process.execPath, [wrangler, ...args], folder);
  if (code !== 0) throw new RetortError('wrangler_failed', `wrangler: expected exit code 0, got ${code}; see above`);
}

/** @throws InputError where the folder is that of another Worker, whose student this one would replace */
async function checkOwner(path: string, name: string): Promise<void> {
  const [topLevel] = ((await readIfThere(path)) ?? '').split(/^\s*\[/m);
  const [, owner] = /^\s*name\s*=\s*["']([^"']*)["']/m.exec(topLevel) ?? [];
  if (owner === undefined || owner === name) return;
  throw new InputError(
    `${relative('.', path)}: expected the Worker ${name}, got ${owner}; pass --name ${owner} to give that Worker the student, or another --out`,
  );
}

/** @returns whether the file now says `text`; one that says something else is its owner's */
async function writeUnlessEdited(path: string, text: string): Promise<boolean> {
  const before = await readIfThere(path);
  if (before === null) await writeFileAtomic(path, text);
  return before === null || before === text;
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new InputError(`${path}: expected a readable file, got ${fileFault(cause)}; check the path`, { cause });
  });
}

/** The nearest name that a Worker can have. */
function workerName(text: string): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  return letters.replace(/^-+/, '').slice(0, 63).replace(/-+$/, '') || 'student';
}

function wranglerToml(name: string): string {
  return `name = "${name}"
main = "index.js"
compatibility_date = "${COMPATIBILITY_DATE}"
# Lets a comparison end when its client goes away.
compatibility_flags = ["enable_request_signal"]

# Student files are imported as ArrayBuffers.
[[rules]]
type = "Data"
globs = ["**/*.safetensors"]
fallthrough = true
`;
}

function findWrangler(): string {
  const require = createRequire(join(resolve('.'), 'package.json'));
  try {
    require.resolve('hono');
    return join(dirname(require.resolve('wrangler/package.json')), 'bin', 'wrangler.js');
  } catch (cause) {
    const message =
      'deploy needs packages that are not installed. Run: npm install hono@^4.13.0 && npm install --save-dev wrangler@^4.86.0';
    throw new UnsupportedError(message, { code: 'missing_peer', cause });
  }
}

function run(command: string, args: readonly string[], cwd: string): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit' });
    child.on('error', fail);
    child.on('exit', done);
  });
}

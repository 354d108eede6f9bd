/**
 * The quickstart: distils spam students from a hundred labelled mails. With one seed, and no option that
 * changes students, the student that is best on dev becomes the one that the Worker of examples/worker serves.
 *
 *   npm run quickstart [-- --seeds 3]
 */
import { spawnSync } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const OUT = 'out/quickstart';
const WORKER_STUDENT = 'examples/worker/student.safetensors';
/** Options that change no byte of a student. */
const HARMLESS = /^--(json|threads|seeds)(=|$)/;

const options = process.argv.slice(2);
const args = ['dist/cli/main.js', 'distill', 'examples/quickstart', ...options];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
// With --out the files lie elsewhere, and with --help there are none.
if (status !== 0 || options.some((option) => /^(--out|--help|-h)/.test(option))) process.exit(status ?? 1);

const { seeds, runs, students } = JSON.parse(await readFile(join(OUT, 'metrics.json'), 'utf8'));
if (seeds.length > 1) process.exit();
const [best] = runs[0].students.toSorted((a, b) => b.devAccuracy - a.devAccuracy);
const { file } = students.find(({ name }) => name === best.name);
// With --json, stdout is for the metrics alone.
const note = options.includes('--json') ? console.error : console.log;
const others = options.filter((option) => option.startsWith('-') && !HARMLESS.test(option));
if (others.length === 0) {
  await copyFile(join(OUT, file), WORKER_STUDENT);
  note(`As a Worker: npx wrangler dev   (serves ${file}, the better one on dev, from ${WORKER_STUDENT})`);
} else {
  note(`${WORKER_STUDENT} stays as it is: with ${others.join(' ')} this student is not that of the config alone.`);
}

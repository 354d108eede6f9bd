/**
 * Records what the student of examples/worker says about twenty sentences, so that a test sees when the runtime or the
 * file changes: `node scripts/record-scores.mjs`
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadStudent } from 'retort-edge';

const path = 'test/examples/recorded-scores.json';
const student = await loadStudent('examples/worker/student.safetensors');
const { sentences } = JSON.parse(await readFile(path, 'utf8'));
const scored = sentences.map(({ text }) => ({ text, logits: [...student.logits(text)] }));
const { spec } = student.info;
await writeFile(path, `${JSON.stringify({ labels: spec.task.labels, sentences: scored }, null, 2)}\n`);

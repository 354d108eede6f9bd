import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WriteError } from '../../../src/train/atomic-file.ts';
import { lockFolder } from '../../../src/train/cache/folder-lock.ts';
import { startModule } from '../../support/retort.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder('folder-lock');
let turn = 0;

function newFolder(): string {
  const folder = join(root, String(turn++));
  mkdirSync(folder);
  return folder;
}

/** A process id that nobody has any more. */
const deadProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid;

const lockedBy = (folder: string, pid: number): object => ({
  name: 'InputError',
  code: 'cache_locked',
  message: `${folder}: expected to be its only writer, got process ${pid} there; wait for it or stop it`,
});

describe('lockFolder', () => {
  it('gives a folder to one at a time, also within a process, and leaves nothing in it', async () => {
    const folder = newFolder();
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject(lockedBy(folder, process.pid));
    await unlock();
    const again = await lockFolder(folder);
    await again();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives a folder to exactly one of many in the same process', async () => {
    const folder = newFolder();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('leaves a folder to a living process, one of another user included', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock-1-of-init'), '');
    await expect(lockFolder(folder)).rejects.toMatchObject(lockedBy(folder, 1));
    expect(readdirSync(folder)).toEqual(['lock-1-of-init']);
  });

  it('takes over the lock of a process that is gone, and deletes it', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, `lock-${deadProcess()}-a`), '');
    writeFileSync(join(folder, `lock-${deadProcess()}-b`), '');
    const unlock = await lockFolder(folder);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(`^lock-${process.pid}-`)]);
    await unlock();
  });

  it('takes over the lock of a process that is gone and had the number of this one, as in a container', async () => {
    const folder = newFolder();
    const path = join(folder, `lock-${process.pid}-before`);
    writeFileSync(path, '');
    await expect(lockFolder(folder)).rejects.toMatchObject(lockedBy(folder, process.pid));
    const anHourAgo = Date.now() / 1000 - 3600;
    utimesSync(path, anHourAgo, anHourAgo);
    const unlock = await lockFolder(folder);
    await unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves other files in the folder alone', async () => {
    const folder = newFolder();
    const names = ['lock', 'lock-', 'records.bin', `unlock-${deadProcess()}-a`];
    for (const name of names) writeFileSync(join(folder, name), '');
    const unlock = await lockFolder(folder);
    await unlock();
    expect(readdirSync(folder).sort()).toEqual(names.sort());
  });

  it('throws WriteError where there is no folder', async () => {
    const locking = lockFolder(join(root, 'missing'));
    await expect(locking).rejects.toBeInstanceOf(WriteError);
    await expect(locking).rejects.toMatchObject({ code: 'write_failed' });
  });
});

describe('an entry of the cache', () => {
  const PROCESSES = 4;
  const ROUNDS = 20;

  it(`goes to one of ${PROCESSES} processes that open it at the same moment, over the lock of a dead one (${ROUNDS} rounds)`, async () => {
    const folder = newFolder();
    const contender = `import { existsSync } from 'node:fs';
      import { OutputCache } from 'retort-edge/train';
      const sleep = () => new Promise((done) => setTimeout(done, 2));
      process.stdout.write('ready ');
      for (let round = 0; round < ${ROUNDS}; round++) {
        while (!existsSync(\`${folder}/start-\${round}\`));
        try {
          const cache = await OutputCache.open('${folder}', \`entry-\${round}\`, 1);
          process.stdout.write(\`\${round}:open \`);
          while (!existsSync(\`${folder}/end-\${round}\`)) await sleep();
          await cache.close();
        } catch (error) {
          process.stdout.write(\`\${round}:\${error.code} \`);
        }
      }`;
    const contenders = Array.from({ length: PROCESSES }, () => startModule(contender));
    await Promise.all(contenders.map(({ until }) => until(/ready/)));
    const dead = deadProcess();
    for (let round = 0; round < ROUNDS; round++) {
      mkdirSync(join(folder, `entry-${round}`));
      writeFileSync(join(folder, `entry-${round}`, `lock-${dead}-a`), '');
      writeFileSync(join(folder, `start-${round}`), '');
      await Promise.all(contenders.map(({ until }) => until(new RegExp(`(^| )${round}:`))));
      writeFileSync(join(folder, `end-${round}`), '');
    }
    const outcomes = await Promise.all(contenders.map(({ outcome }) => outcome));
    const words = outcomes.flatMap(({ stdout }) => stdout.split(' ')).filter((word) => word.includes(':'));
    const expected = Array.from({ length: ROUNDS }, (_, round) => [
      ...Array.from({ length: PROCESSES - 1 }, () => `${round}:cache_locked`),
      `${round}:open`,
    ]);
    expect(words.sort()).toEqual(expected.flat().sort());
  });
});

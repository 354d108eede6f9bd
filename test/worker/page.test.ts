import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readStudent } from '../../src/runtime/node.ts';
import { type RunningServer, serve } from '../../src/worker/node.ts';
import { launchChromium } from '../support/chromium.ts';
import { slowTeacher } from '../support/server.ts';
import { convStudent, studentBytes } from '../support/students.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

let server: RunningServer;
let page: Page;
let complaints: string[];
beforeEach(async () => {
  const files = new Map([
    ['static', new Uint8Array(await readFile('examples/worker/student.safetensors'))],
    ['test-conv', await studentBytes(convStudent())],
  ]);
  const students = [...files.values()].map((bytes) => readStudent(bytes));
  const teacher = slowTeacher(students[0], () => Promise.resolve());
  server = await serve({ predictors: [...students, teacher], studentFiles: files, port: 0 });
  page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 360, height: 740 } });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(server.url);
  await page.waitForSelector('.model[data-where=page]');
});
afterEach(async () => {
  await page.close();
  await server.close();
});

const card = (where: 'page' | 'server', id: string): string => `.model[data-where=${where}][data-id="${id}"]`;
const answerOf = (selector: string): Promise<string | null> => page.textContent(`${selector} .answer dd`);

async function type(text: string): Promise<void> {
  await page.fill('#text', text);
  await page.waitForFunction(
    () => document.querySelectorAll('.model[data-where=server] .answer data').length === 3,
    undefined,
    { timeout: 20_000 },
  );
  await page.waitForFunction(() => document.querySelector('#status')?.textContent === '');
}

describe('the page in Chromium', () => {
  it('shows every model side by side: answer, size and latency with a bar each', async () => {
    await type('You won a free prize, claim it now!');
    const cards = await page.$$eval('.model', (elements) =>
      elements.map((element) => ({
        id: (element as HTMLElement).dataset.id,
        where: (element as HTMLElement).dataset.where,
        kind: element.querySelector('.kind')?.textContent,
        values: [...element.querySelectorAll('dd:not(.bar)')].map((value) => value.textContent),
        bars: [...element.querySelectorAll('.bar span')].map((bar) => bar.getBoundingClientRect().width),
      })),
    );
    expect(cards.map(({ id, where }) => `${where} ${id}`)).toEqual([
      'page static',
      'server static',
      'server test-conv',
      'server teacher',
    ]);
    expect(cards.map(({ kind }) => kind)).toEqual([
      'student in this page, relaxed-simd',
      'student on the server, simd',
      'student on the server, simd',
      'A slow teacher, teacher on the server, elsewhere',
    ]);
    for (const { values, bars } of cards) {
      expect(values[0]).toMatch(/^(ham|spam) \d+\.\d%$/);
      expect(values[1]).toMatch(/^[\d.]+ (B|KB|MB)$/);
      expect(values[2]).toMatch(/^[\d.]+ (µs|ms), [\d.]+ (µs|ms)$/);
      expect(bars).toHaveLength(3);
      expect(bars[0]).toBeGreaterThan(0);
    }
    expect(complaints).toEqual([]);
  });

  it('computes in the page what the server computes, bit for bit', async () => {
    await type('meeting at noon, bring the notes 😀');
    expect(await page.textContent(card('page', 'static'))).toContain('Same scores as on the server, bit for bit.');
    const shown = await page.$eval(`${card('page', 'static')} .answer data`, (data) => (data as HTMLDataElement).value);
    const student = readStudent(new Uint8Array(await readFile('examples/worker/student.safetensors')));
    expect(Number(shown)).toBe(student.classify('meeting at noon, bring the notes 😀')[0].score);
  });

  it('runs another student in the page when it is chosen', async () => {
    await page.selectOption('#student', 'test-conv');
    await page.waitForSelector(card('page', 'test-conv'));
    await type('you won a prize');
    const student = readStudent(await studentBytes(convStudent()));
    const shown = await page.$eval(
      `${card('page', 'test-conv')} .answer data`,
      (data) => (data as HTMLDataElement).value,
    );
    expect(Number(shown)).toBe(student.classify('you won a prize')[0].score);
  });

  it('keeps the student that was chosen last where the one before it comes later', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((done) => {
      release = done;
    });
    let ended = Promise.resolve();
    await page.route('**/v1/models/test-conv/*', (route) => {
      // The page may have given it up by then.
      ended = released.then(() => route.continue()).catch(() => undefined);
    });
    const asked = page.waitForRequest('**/v1/models/test-conv/*');
    await page.selectOption('#student', 'test-conv');
    await asked;
    const card = (): Promise<(string | undefined)[]> =>
      page.$$eval('.model[data-where=page]', (cards) => cards.map((one) => (one as HTMLElement).dataset.id));
    const again = page.waitForResponse('**/v1/models/static/*');
    await page.selectOption('#student', 'static');
    await again;
    release();
    await ended;
    // Long enough for the late answer to arrive and to be set up: it took 20 ms here.
    await page.waitForTimeout(500);
    expect(await card()).toEqual(['static']);
    expect(await page.textContent('#status')).toBe('');
    await type('you won a prize');
    expect(complaints).toEqual([]);
  });

  it('shows what the server refuses, and answers itself', async () => {
    await page.evaluate(() => {
      const text = document.querySelector<HTMLTextAreaElement>('#text')!;
      text.value = 'x'.repeat(1_048_577);
      text.dispatchEvent(new Event('input'));
    });
    await page.waitForSelector('#status.warning');
    expect(await page.textContent('#status')).toMatch(/at most 1048576 characters.*student in this page still answers/);
    expect(await answerOf(card('page', 'static'))).toMatch(/^(ham|spam) /);
  });

  it('goes on without its server', async () => {
    await type('first');
    await server.close();
    await page.fill('#text', 'You won a free prize, claim it now!');
    await page.waitForSelector('#status.warning');
    expect(await page.textContent('#status')).toContain('The student in this page still answers.');
    expect(await answerOf(card('page', 'static'))).toMatch(/^spam /);
    expect(await answerOf(card('server', 'static'))).toBe('–');
  });

  it('fits a phone of 360 pixels, before and after an answer', async () => {
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await type('w'.repeat(400));
    expect(await overflow()).toBe(0);
  });

  it('can be used from the keyboard alone', async () => {
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.id || document.activeElement!.tagName);
    const order: string[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual(['text', 'BUTTON', 'student', 'A']);
    await page.focus('#text');
    await page.keyboard.type('free prize');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${card('server', 'static')} .answer data`);
  });
});

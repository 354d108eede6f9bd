/**
 * The page: answers follow the typing. The student in the page answers at once; the server is asked when the typing
 * pauses. Once loaded, the page goes on without a network.
 */
import { loadStudent, type Student } from '../../runtime/browser.ts';
import type { ModelCard } from '../messages.ts';
import { Board } from './board.ts';
import { fetchComparison, fetchModels } from './server.ts';
import { timeCalls } from './timing.ts';

/** Pause in the typing after which the server is asked. */
const PAUSE_MS = 350;

const form = find('#form', HTMLFormElement);
const textArea = find('#text', HTMLTextAreaElement);
const status = find('#status', HTMLElement);

let board: Board | null = null;
let student: Student | null = null;
let pause: ReturnType<typeof setTimeout> | undefined;
let question = new AbortController();
let choice = new AbortController();

function find<T extends Element>(selector: string, type: new () => T): T {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new TypeError(`page: expected ${selector} to be a ${type.name}.`);
  return found;
}

function say(message: string, isWarning = false): void {
  status.textContent = message;
  status.classList.toggle('warning', isWarning);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The page's own student answers; `isTimed` also measures it, which takes some 20 ms. */
function askPage(isTimed: boolean): void {
  const text = textArea.value;
  if (student === null || text === '') return;
  const loaded = student;
  const [prediction] = loaded.predict([text]);
  board?.showPageAnswer({ index: 0, ...prediction! }, isTimed ? timeCalls(() => loaded.predict([text])) : null);
}

async function askServer(): Promise<void> {
  const { signal } = question;
  say('Asking the server…');
  try {
    const comparison = await fetchComparison(textArea.value, signal);
    if (signal.aborted) return;
    board?.showComparison(comparison);
    say(
      comparison.models.every(({ latency }) => latency === null)
        ? 'This server’s clock stands still while it computes: its latencies are unknown.'
        : '',
    );
  } catch (error) {
    if (signal.aborted) return;
    board?.clearServer();
    const reason = navigator.onLine ? messageOf(error) : 'Offline.';
    say(student === null ? reason : `${reason} The student in this page still answers.`, true);
  }
}

function ask(): void {
  clearTimeout(pause);
  question.abort();
  question = new AbortController();
  if (textArea.value === '') return;
  askPage(true);
  void askServer();
}

function onInput(): void {
  clearTimeout(pause);
  question.abort();
  say('');
  if (textArea.value === '') {
    board?.clear();
    return;
  }
  board?.outdateServer();
  askPage(false);
  pause = setTimeout(ask, PAUSE_MS);
}

/** Loads a student into the page in place of the one before. The last one that was chosen stays, whichever comes first. */
async function setStudent({ id, name, role, student_url: url }: ModelCard): Promise<void> {
  choice.abort();
  choice = new AbortController();
  const { signal } = choice;
  const loaded = await loadStudent(url!, { signal }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (loaded === null) return;
  if (signal.aborted) {
    loaded.dispose();
    return;
  }
  student?.dispose();
  student = loaded;
  const { backend, bytes } = loaded.info;
  board?.setPageStudent({ id, name, role, backend, bytes });
  askPage(true);
}

function offerStudents(students: readonly ModelCard[]): void {
  const select = find('#student', HTMLSelectElement);
  select.append(...students.map(({ id }) => new Option(id)));
  select.addEventListener('change', () => {
    setStudent(students[select.selectedIndex]!).catch((error: unknown) => say(messageOf(error), true));
  });
  find('#choice', HTMLElement).hidden = students.length < 2;
}

async function start(): Promise<void> {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  textArea.addEventListener('input', onInput);
  const models = await fetchModels();
  board = new Board(find('#models', HTMLElement), models);
  const students = models.filter(({ student_url: url }) => url !== null);
  offerStudents(students);
  if (students.length > 0) await setStudent(students[0]!);
  // A reload may have kept the text.
  if (textArea.value !== '') ask();
}

start().catch((error: unknown) => say(messageOf(error), true));

/**
 * All models on the page, and what only shows when they are seen together: who agrees with whom, whose bar is longest.
 */
import type { Classification, Comparison, Latency, ModelCard } from '../messages.ts';
import { ModelRow, type RowModel } from './model-row.ts';

interface Entry {
  readonly row: ModelRow;
  answer: Classification | null;
  latency: Latency | null;
}

/** The cards of all models. */
export class Board {
  readonly #list: HTMLElement;
  readonly #onServer = new Map<string, Entry>();
  #inPage: Entry | null = null;

  constructor(list: HTMLElement, models: readonly ModelCard[]) {
    this.#list = list;
    for (const { id, name, role, backend, bytes } of models) {
      this.#onServer.set(id, this.#add({ id, name, role, backend, bytes, where: 'server' }));
    }
    this.#drawBars();
  }

  /** Puts the student that runs in the page first, in place of another one. */
  setPageStudent(model: Omit<RowModel, 'where'>): void {
    this.#inPage?.row.element.remove();
    this.#inPage = this.#add({ ...model, where: 'page' });
    this.#list.prepend(this.#inPage.row.element);
    this.#drawBars();
  }

  /** Shows what the student in the page says. */
  showPageAnswer(answer: Classification, latency: Latency | null): void {
    const entry = this.#inPage;
    if (entry === null) return;
    entry.answer = answer;
    entry.latency = latency;
    entry.row.showAnswer(answer, this.#pageRemark(entry));
    entry.row.showLatency(latency);
    this.#drawBars();
  }

  /** Shows what the models on the server say. */
  showComparison({ models }: Comparison): void {
    for (const { id, data, latency, agreement_with_teacher: agreement, role } of models) {
      const entry = this.#onServer.get(id);
      if (entry === undefined) continue;
      entry.answer = data[0]!;
      entry.latency = latency;
      const verdict = agreement === 1 ? 'Agrees with the teacher.' : 'Disagrees with the teacher.';
      entry.row.showAnswer(data[0]!, agreement === null || role === 'teacher' ? '' : verdict);
      entry.row.showLatency(latency);
    }
    if (this.#inPage?.answer) this.#inPage.row.showAnswer(this.#inPage.answer, this.#pageRemark(this.#inPage));
    this.#drawBars();
  }

  /** Marks what the server said as belonging to another text by now. */
  outdateServer(): void {
    for (const entry of this.#onServer.values()) {
      entry.answer = null;
      entry.row.setOutdated(true);
    }
  }

  /** Takes back every answer of the server. */
  clearServer(): void {
    for (const entry of this.#onServer.values()) clear(entry);
    this.#drawBars();
  }

  /** Takes back every answer. */
  clear(): void {
    if (this.#inPage !== null) clear(this.#inPage);
    this.clearServer();
  }

  #add(model: RowModel): Entry {
    const row = new ModelRow(model);
    this.#list.append(row.element);
    return { row, answer: null, latency: null };
  }

  #pageRemark({ row, answer }: Entry): string {
    const twin = this.#onServer.get(row.model.id)?.answer;
    if (twin == null || answer === null) return '';
    return isSameAnswer(answer, twin)
      ? 'Same scores as on the server, bit for bit.'
      : 'Scores differ from those on the server.';
  }

  #drawBars(): void {
    const entries = [...this.#onServer.values(), ...(this.#inPage === null ? [] : [this.#inPage])];
    const longest = Math.max(...entries.map(({ latency }) => latency?.p50_ms ?? 0), Number.MIN_VALUE);
    const largest = Math.max(...entries.map(({ row }) => row.model.bytes ?? 0), 1);
    for (const { row, latency } of entries) {
      row.drawBars((row.model.bytes ?? 0) / largest, (latency?.p50_ms ?? 0) / longest);
    }
  }
}

function clear(entry: Entry): void {
  entry.answer = null;
  entry.latency = null;
  entry.row.clear();
}

/** JSON keeps every bit of a number, so scores from two engines can be held against each other as they are. */
function isSameAnswer(a: Classification, b: Classification): boolean {
  return a.labels.every(({ label, score }, i) => label === b.labels[i]?.label && score === b.labels[i]?.score);
}

/**
 * One model on the page: its answer, its size and its latency, each as text and as a bar. The bars repeat the text for
 * the eye and are hidden from screen readers.
 */
import type { Classification, Latency } from '../messages.ts';
import { formatBytes, formatMilliseconds, formatScore } from './figures.ts';

/** What is known of a model before it answers. */
export interface RowModel {
  readonly id: string;
  readonly name: string;
  readonly role: 'student' | 'teacher';
  readonly backend: string;
  readonly bytes: number | null;
  readonly where: 'server' | 'page';
}

interface Measure {
  readonly text: HTMLElement;
  readonly bar: HTMLElement;
}

/** The card of one model. */
export class ModelRow {
  /** The card, ready to be put into the list. */
  readonly element: HTMLLIElement;
  readonly model: RowModel;
  readonly #answer: Measure;
  readonly #size: Measure;
  readonly #latency: Measure;
  readonly #note: HTMLElement;

  constructor(model: RowModel) {
    this.model = model;
    this.element = document.createElement('li');
    this.element.className = 'model';
    this.element.dataset.id = model.id;
    this.element.dataset.role = model.role;
    this.element.dataset.where = model.where;
    const place = model.where === 'page' ? 'in this page' : 'on the server';
    const name = model.name === model.id ? '' : `${model.name}, `;
    this.element.append(
      element('h2', { textContent: model.id }),
      element('p', { className: 'kind', textContent: `${name}${model.role} ${place}, ${model.backend}` }),
    );
    const measures = element('dl', { className: 'measures' });
    this.#answer = addMeasure(measures, 'answer', 'Answer');
    this.#size = addMeasure(measures, 'size', 'Size');
    this.#latency = addMeasure(measures, 'latency', 'Latency');
    this.#note = element('p', { className: 'note' });
    this.element.append(measures, this.#note);
    this.#size.text.textContent = formatBytes(model.bytes);
    this.clear();
  }

  /** Shows that there is no answer. */
  clear(): void {
    this.setOutdated(false);
    this.#answer.text.textContent = '–';
    this.#answer.bar.style.width = '0';
    this.#latency.text.textContent = '–';
    this.#latency.bar.style.width = '0';
    this.#note.textContent = '';
  }

  /** Shows the best label with its score, and remarks about the answer. */
  showAnswer({ labels, truncated }: Classification, remark: string): void {
    this.setOutdated(false);
    const best = labels[0]!;
    const score = element('data', { value: String(best.score), textContent: formatScore(best.score) });
    this.#answer.text.replaceChildren(`${best.label} `, score);
    this.#answer.bar.style.width = `${best.score * 100}%`;
    this.#note.textContent = [remark, truncated ? 'The text was longer than it reads.' : ''].filter(Boolean).join(' ');
  }

  /** Fades an answer that belongs to another text. */
  setOutdated(isOutdated: boolean): void {
    this.element.classList.toggle('outdated', isOutdated);
  }

  /** Shows the latency; null is unknown, because the clock there stands still while code runs. */
  showLatency(latency: Latency | null): void {
    this.#latency.text.textContent =
      latency === null ? 'unknown' : `${formatMilliseconds(latency.p50_ms)}, ${formatMilliseconds(latency.p95_ms)}`;
  }

  /** Draws size and latency relative to the longest bar on the page; 0 where there is nothing to draw. */
  drawBars(sizeFraction: number, latencyFraction: number): void {
    this.#size.bar.style.width = `${sizeFraction * 100}%`;
    this.#latency.bar.style.width = `${latencyFraction * 100}%`;
  }
}

function addMeasure(list: HTMLElement, className: string, name: string): Measure {
  const text = element('dd', {});
  const bar = element('span', {});
  const track = element('dd', { className: 'bar', ariaHidden: 'true' });
  track.append(bar);
  const group = element('div', { className });
  group.append(element('dt', { textContent: name }), text, track);
  list.append(group);
  return { text, bar };
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}

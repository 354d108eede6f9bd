/** What asking a chat model costs: an estimate before it starts, a count while it works, and a limit. */
import { EndpointError } from '../requests/endpoint-error.ts';
import type { Message } from './prompt.ts';

/** Bytes of UTF-8 that make a token, about: English has 4 to 5, Chinese 3. */
const BYTES_A_TOKEN = 4;
/** Tokens that hold a message together. */
const MESSAGE_TOKENS = 4;
const MILLION = 1e6;

/** Price of a million tokens, in whatever currency. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Limits of what a run may spend; null for none. */
export interface Limits {
  readonly pricePerMillion: Price | null;
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

/** Tokens that go out and come back. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** About how many tokens some messages have, and the longest answer to them. */
export function estimateTokens(messages: readonly Message[], maxOutputTokens: number): Tokens {
  const input = messages.reduce((sum, { content }) => {
    return sum + Math.ceil(Buffer.byteLength(content) / BYTES_A_TOKEN) + MESSAGE_TOKENS;
  }, 0);
  return { input, output: maxOutputTokens };
}

/** @returns null without a price */
export function costOf({ input, output }: Tokens, price: Price | null): number | null {
  return price === null ? null : (input * price.input + output * price.output) / MILLION;
}

/** A cost for people: two digits that count. */
export function formatCost(cost: number): string {
  return cost >= 1 ? cost.toFixed(2) : String(Number(cost.toPrecision(2)));
}

/** What one process spends on one model. */
export class Budget {
  #limits: Limits;
  #requests = 0;
  #used: Tokens = { input: 0, output: 0 };
  #cost = 0;
  #open = 0;
  readonly #waiting = new Set<() => void>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Sets other limits; what was spent stays spent. */
  allow(limits: Limits): void {
    this.#limits = limits;
  }

  /** Requests that were sent. */
  get requests(): number {
    return this.#requests;
  }

  /** Tokens of what was answered, as the endpoint counts them. */
  get used(): Tokens {
    return this.#used;
  }

  /**
   * Makes one request within the limits. Where they do not allow it, what is under way is waited for first: it is paid
   * for, and its answers are worth keeping.
   *
   * @param expected tokens of the request
   * @param request returns the tokens that it used, or null where the endpoint does not say
   * @throws EndpointError with code `budget_spent`, or what `request` throws
   */
  async spend<T extends { readonly used: Tokens | null }>(expected: Tokens, request: () => Promise<T>): Promise<T> {
    const { pricePerMillion, maxCost, maxRequests } = this.#limits;
    const cost = costOf(expected, pricePerMillion) ?? 0;
    if (maxRequests !== null && this.#requests >= maxRequests) await this.#refuse(`maxRequests ${maxRequests}`);
    if (maxCost !== null && this.#cost + cost > maxCost) await this.#refuse(`maxCost ${maxCost}`);
    this.#requests++;
    this.#open++;
    this.#cost += cost;
    try {
      const answer = await request();
      const used = answer.used ?? expected;
      this.#cost += (costOf(used, pricePerMillion) ?? 0) - cost;
      this.#used = { input: this.#used.input + used.input, output: this.#used.output + used.output };
      return answer;
    } finally {
      this.#open--;
      if (this.#open === 0) for (const go of [...this.#waiting]) go();
    }
  }

  async #refuse(limit: string): Promise<never> {
    if (this.#open > 0) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#waiting.delete(go);
          resolve();
        };
        this.#waiting.add(go);
      });
    }
    const { input, output } = this.#used;
    const cost = this.#limits.pricePerMillion === null ? '' : `, about ${formatCost(this.#cost)}`;
    const spent = `${this.#requests} requests, ${input} input and ${output} output tokens${cost}`;
    const message = `chat teacher: expected to stay within ${limit}, got ${spent} and more to ask; what is labelled is kept, raise the limit to go on`;
    throw new EndpointError('budget_spent', message);
  }
}

const budgets = new Map<string, Budget>();

/** The budget of a model in this process: what several datasets of one run ask comes out of one purse. */
export function budgetOf(modelId: string, limits: Limits): Budget {
  const budget = budgets.get(modelId) ?? new Budget(limits);
  budget.allow(limits);
  budgets.set(modelId, budget);
  return budget;
}

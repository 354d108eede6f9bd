/** A chat model that answers: what it will cost, what it is asked, and what its answers come to. */
import { runConcurrently } from '../../concurrency.ts';
import type { RunHooks } from '../../progress.ts';
import { logitsOfProbabilities } from '../probability-logits.ts';
import { EndpointError } from '../requests/endpoint-error.ts';
import { retryOptions } from '../requests/endpoint-options.ts';
import { withRetries } from '../requests/retries.ts';
import { readSecret } from '../requests/secrets.ts';
import type { ModelSpec, TeacherModel } from '../teacher.ts';
import { type Budget, budgetOf, costOf, estimateTokens, formatCost } from './budget.ts';
import type { ChatOptions } from './chat-config.ts';
import { type Complete, type Completion, openCompletions } from './completions.ts';
import {
  type LabelShares,
  labelOfAnswer,
  probabilitiesOfShares,
  sharesOfTokens,
  sharesOfVotes,
} from './label-shares.ts';
import { messagesFor } from './prompt.ts';

/** Answers after which a model that mostly names no label is not asked any further. */
const PATIENCE = 10;
/** Share of an answer that is not about labels from which on it names none. */
const NO_LABEL = 0.99;

/** @throws UnsupportedError with code `missing_peer`, or InputError with code `missing_secret` */
export async function loadChatModel(spec: ModelSpec<ChatOptions>, id: string): Promise<TeacherModel> {
  const { options, labels } = spec;
  const { tokenEnv, headersEnv, baseURL, timeoutMs, concurrency } = options;
  const key = tokenEnv === null ? null : readSecret(tokenEnv);
  const headers = Object.fromEntries(Object.entries(headersEnv).map(([name, value]) => [name, readSecret(value)]));
  const secrets = [...Object.values(headers), ...(key === null ? [] : [key])];
  const complete = await openCompletions({ baseURL, key, headers, secrets, timeoutMs });
  const asker = new Asker(spec, complete, budgetOf(id, options));
  let hooks: RunHooks = {};
  return {
    async prepare(texts, given) {
      hooks = given;
      hooks.onNotice?.(await estimate(texts, spec));
    },
    async run(texts, { signal } = {}) {
      const answer = async (text: string, stop: AbortSignal): Promise<Float32Array> => {
        const shares = await asker.ask(text, stop);
        return logitsOfProbabilities(probabilitiesOfShares(shares, options.other), false);
      };
      return runConcurrently(texts, concurrency, answer, { signal });
    },
    dispose() {
      for (const line of asker.summary(labels.length)) hooks.onNotice?.(line);
    },
  };
}

/** What a run will probably come to, as a line. */
async function estimate(texts: AsyncIterable<string>, { options, labels }: ModelSpec<ChatOptions>): Promise<string> {
  const { model, pricePerMillion, maxCost } = options;
  const [requests, outputTokens] = [requestsOf(options), maxTokensOf(options)];
  let [count, input, output] = [0, 0, 0];
  for await (const text of texts) {
    count++;
    const tokens = estimateTokens(messagesFor(text, { ...options, labels }), outputTokens);
    input += requests * tokens.input;
    output += requests * tokens.output;
  }
  const cost = costOf({ input, output }, pricePerMillion);
  const said = cost === null ? 'cost unknown: set pricePerMillion' : `cost about ${formatCost(cost)}`;
  const limit = maxCost === null ? '' : `, of at most ${maxCost}`;
  return `${model}: ${count} texts in ${count * requests} requests, about ${input} input and at most ${output} output tokens; ${said}${limit}`;
}

function requestsOf({ probabilities, samples }: ChatOptions): number {
  return probabilities === 'logprobs' ? 1 : samples;
}

/** For a vote, enough to name a label in words. */
function maxTokensOf({ probabilities, maxTokens }: ChatOptions): number {
  return maxTokens ?? (probabilities === 'logprobs' ? 1 : 16);
}

/** Asks about one text after the other, within the budget, and counts what is no answer. */
class Asker {
  readonly #spec: ModelSpec<ChatOptions>;
  readonly #complete: Complete;
  readonly #budget: Budget;
  readonly #retrying: ReturnType<typeof retryOptions>;
  #answered = 0;
  #withoutLabel = 0;

  constructor(spec: ModelSpec<ChatOptions>, complete: Complete, budget: Budget) {
    this.#spec = spec;
    this.#complete = complete;
    this.#budget = budget;
    this.#retrying = retryOptions(spec.options);
  }

  async ask(text: string, signal: AbortSignal): Promise<LabelShares> {
    const { options, labels } = this.#spec;
    const completions: Completion[] = [];
    for (let sample = 0; sample < requestsOf(options); sample++) {
      completions.push(await this.#request(text, sample, signal));
    }
    const shares =
      options.probabilities === 'logprobs'
        ? this.#sharesOfFirst(completions[0])
        : sharesOfVotes(
            completions.map((one) => labelOfAnswer(one.text, labels)),
            labels.length,
          );
    this.#count(shares, completions[0]);
    return shares;
  }

  /** Lines about what was spent, and about what was no answer. */
  summary(numLabels: number): readonly string[] {
    const { model, pricePerMillion } = this.#spec.options;
    const { requests, used } = this.#budget;
    if (requests === 0) return [];
    const cost = costOf(used, pricePerMillion);
    const price = cost === null ? '' : `, cost ${formatCost(cost)}`;
    const spent = `${model}: ${requests} requests, ${used.input} input and ${used.output} output tokens${price}`;
    if (this.#withoutLabel === 0) return [spent];
    const others = `${model}: ${this.#withoutLabel} of ${this.#answered} answers named none of the ${numLabels} labels`;
    return [spent, others];
  }

  #request(text: string, sample: number, signal: AbortSignal): Promise<Completion> {
    const { options, labels } = this.#spec;
    const { model, extra, topLogprobs, temperature } = options;
    const messages = messagesFor(text, { ...options, labels });
    const maxTokens = maxTokensOf(options);
    const way =
      options.probabilities === 'logprobs'
        ? // What is sampled plays no part, and a temperature of 1 changes no probability.
          { logprobs: true, top_logprobs: topLogprobs, temperature: 1 }
        : { temperature, seed: sample };
    const limit = 'max_completion_tokens' in extra ? {} : { max_tokens: maxTokens };
    const body = { model, messages, ...limit, ...way, ...extra };
    const expected = estimateTokens(messages, maxTokens);
    const attempt = (): Promise<Completion> => this.#budget.spend(expected, () => this.#complete(body, signal));
    return withRetries(attempt, this.#retrying, signal);
  }

  #sharesOfFirst({ firstTokens }: Completion): LabelShares {
    const { options, labels } = this.#spec;
    if (firstTokens !== null) return sharesOfTokens(firstTokens, labels.length);
    const message = `chat teacher ${options.model}: expected log-probabilities, got an answer without; set probabilities to votes`;
    throw new EndpointError('endpoint_wrong_answer', message);
  }

  #count({ other }: LabelShares, { text }: Completion): void {
    this.#answered++;
    const isVotes = this.#spec.options.probabilities === 'votes';
    // One vote of all is divided among the labels, so it is never more than this.
    const most = isVotes ? this.#spec.options.samples / (this.#spec.options.samples + 1) : 1;
    if (other < NO_LABEL * most) return;
    this.#withoutLabel++;
    if (this.#answered > PATIENCE || this.#withoutLabel < PATIENCE) return;
    const message = `chat teacher ${this.#spec.options.model}: expected answers with a label, got ${PATIENCE} without any, such as ${JSON.stringify(text.slice(0, 40))}; change the prompt, or set probabilities to votes`;
    throw new EndpointError('endpoint_wrong_labels', message);
  }
}

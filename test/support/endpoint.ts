/** An HTTP endpoint on this machine that answers as a test tells it to, and remembers what it was asked. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Milliseconds, of the clock of `performance.now`. */
  readonly at: number;
}

/** Writes the answer to request `number`, from 0. */
export type Answer = (received: Received, response: ServerResponse, number: number) => void;

/** An endpoint that runs until the test ends. */
export interface Endpoint {
  readonly url: string;
  readonly received: readonly Received[];
  /** Most requests that were under way at once. */
  busiest(): number;
}

/** Starts an endpoint. */
export async function startEndpoint(answer: Answer): Promise<Endpoint> {
  const received: Received[] = [];
  let [open, busiest] = [0, 0];
  const server = createServer((request, response) => {
    busiest = Math.max(busiest, ++open);
    response.on('close', () => open--);
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const body = text === '' ? null : JSON.parse(text);
      received.push({ path: request.url!, headers: request.headers, body, at: performance.now() });
      answer(received.at(-1)!, response, received.length - 1);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received, busiest: () => busiest };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, value: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** What {@link spamminess} answers in the shape of Hugging Face. */
export function sendScores(response: ServerResponse, { body }: Received): void {
  const { inputs } = body as { readonly inputs: readonly string[] };
  const scores = inputs.map((text) => {
    const spam = spamminess(text);
    return [
      { label: 'spam', score: spam },
      { label: 'ham', score: 1 - spam },
    ];
  });
  sendJson(response, scores);
}

/** A probability of spam that differs from text to text. */
export function spamminess(text: string): number {
  return ((text.length * 37) % 97) / 100 + 0.01;
}

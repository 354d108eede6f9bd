/**
 * `POST /v1/compare`: every model on the same texts. One comparison at a time: two would time each other, and a teacher
 * may take seconds.
 */
import { readJson } from '../body.ts';
import { compareModels } from '../comparison.ts';
import { HttpError, renderError } from '../errors.ts';
import type { Route, Server } from '../route.ts';
import { compareRequest, comparison, errorBody, MAX_RUNS } from '../schemas.ts';
import { textsOf } from '../texts.ts';

/** The route. */
export function compareRoute({ catalog, limits, clock }: Server): Route {
  let isBusy = false;
  return {
    method: 'POST',
    path: '/v1/compare',
    operation: {
      id: 'compare',
      summary: 'Asks every model, and compares answers and latency.',
      request: compareRequest,
      responses: {
        200: { description: 'Answers, agreement and latency.', schema: comparison },
        429: { description: 'Another comparison is running.', schema: errorBody },
        503: { description: 'A model has as many requests waiting as it takes.', schema: errorBody },
      },
    },
    renderError,
    async handle(c) {
      const { input, runs = MAX_RUNS } = await readJson(c.req.raw, compareRequest, limits.maxBodyBytes);
      const texts = textsOf(input, limits);
      if (isBusy) {
        throw new HttpError(429, 'comparison_running', 'Another comparison is running; try again when it is done.', {
          headers: { 'Retry-After': '1' },
        });
      }
      isBusy = true;
      try {
        return c.json(await compareModels(catalog.models, texts, { runs, clock, signal: c.req.raw.signal }));
      } finally {
        isBusy = false;
      }
    },
  };
}

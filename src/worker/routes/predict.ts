/**
 * `POST /v1/models/{id}/predict`: classifies one text or several.
 */
import { readJson } from '../body.ts';
import { renderError } from '../errors.ts';
import type { PredictResponse } from '../messages.ts';
import type { Route, Server } from '../route.ts';
import { errorBody, predictRequest, predictResponse } from '../schemas.ts';
import { classificationsOf, textsOf } from '../texts.ts';

/** The route. */
export function predictRoute({ catalog, limits }: Server): Route {
  return {
    method: 'POST',
    path: '/v1/models/{id}/predict',
    operation: {
      id: 'predict',
      summary: 'Classifies one text or several.',
      request: predictRequest,
      responses: {
        200: { description: 'One answer a text, in order.', schema: predictResponse },
        503: { description: 'The model has as many requests waiting as it takes.', schema: errorBody },
      },
    },
    renderError,
    async handle(c) {
      const { id, predictor } = catalog.get(c.req.param('id')!);
      const { input, top_k: topK } = await readJson(c.req.raw, predictRequest, limits.maxBodyBytes);
      const predictions = await predictor.predict(textsOf(input, limits), { signal: c.req.raw.signal });
      const answer: PredictResponse = { object: 'list', model: id, data: classificationsOf(predictions, topK) };
      return c.json(answer);
    },
  };
}

/**
 * `GET /openapi.json`: the description of every route, this one included.
 */
import { renderError } from '../errors.ts';
import { type OpenApiDocument, openApiDocument } from '../openapi/document.ts';
import type { Route } from '../route.ts';

/** The route; `routes` is asked for when the first request comes, and knows all of them by then. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let document: OpenApiDocument | null = null;
  return {
    method: 'GET',
    path: '/openapi.json',
    operation: {
      id: 'getOpenApi',
      summary: 'Describes this server in OpenAPI 3.1.',
      responses: { 200: { description: 'The description.' } },
    },
    renderError,
    handle(c) {
      document ??= openApiDocument(routes());
      return c.json(document);
    },
  };
}

/**
 * `GET /`: the page. It is one self-contained string; the policy names the hashes of its script and its style, and lets
 * it speak to nobody but this server.
 */
import { renderError } from '../errors.ts';
import { PAGE_CONTENT_SECURITY_POLICY, PAGE_HTML } from '../page.generated.ts';
import type { Route } from '../route.ts';

/** The route. */
export function pageRoute(): Route {
  return {
    method: 'GET',
    path: '/',
    operation: {
      id: 'getPage',
      summary: 'Sends a page that shows the models side by side.',
      responses: { 200: { description: 'The page.', mediaType: 'text/html' } },
    },
    renderError,
    handle(c) {
      c.header('Content-Security-Policy', PAGE_CONTENT_SECURITY_POLICY);
      c.header('Cache-Control', 'no-cache');
      return c.html(PAGE_HTML);
    },
  };
}

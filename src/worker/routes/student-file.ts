/**
 * `GET /v1/models/{id}/student.safetensors`: the student itself, for clients that run it themselves.
 */
import { renderError } from '../errors.ts';
import type { Route, Server } from '../route.ts';

/** The route. */
export function studentFileRoute({ catalog }: Server): Route {
  return {
    method: 'GET',
    path: '/v1/models/{id}/student.safetensors',
    operation: {
      id: 'getStudentFile',
      summary: 'Sends the file of a student.',
      query: { v: 'Version, as in the `student_url` of the model; such an answer may be cached for good.' },
      responses: {
        200: { description: 'The file.', mediaType: 'application/octet-stream' },
        304: { description: 'The client has it already.' },
      },
    },
    renderError,
    handle(c) {
      const download = catalog.getDownload(c.req.param('id')!);
      return download.respond(c.req.query('v'), c.req.header('If-None-Match') ?? null);
    },
  };
}

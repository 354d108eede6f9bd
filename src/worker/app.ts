/**
 * The server: a Hono app that runs unchanged in workerd and in Node. It knows predictors and nothing about where they
 * compute; what hosts do differently is in `cloudflare.ts` and `node.ts`.
 */

import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppEnv } from './app-env.ts';
import { Catalog } from './catalog.ts';
import { hostClock } from './clock.ts';
import { type ErrorRenderer, HttpError, renderError, toHttpError } from './errors.ts';
import { type AppOptions, resolveLimits } from './options.ts';
import type { Route, Server } from './route.ts';
import { compareRoute } from './routes/compare.ts';
import { healthRoute } from './routes/health.ts';
import { modelRoute } from './routes/model.ts';
import { modelsRoute } from './routes/models.ts';
import { openApiRoute } from './routes/openapi.ts';
import { pageRoute } from './routes/page.ts';
import { predictRoute } from './routes/predict.ts';
import { studentFileRoute } from './routes/student-file.ts';

/**
 * Builds the server.
 *
 * @throws InputError where an option is not what {@link AppOptions} asks for
 *
 * @example
 * ```ts
 * const app = createApp({ predictors: [student] });
 * const response = await app.request('/v1/models');
 * ```
 */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const server: Server = {
    catalog: new Catalog(options.predictors, options.studentFiles),
    limits: resolveLimits(options.limits),
    clock: options.clock === undefined ? hostClock() : options.clock,
  };
  const routes = routesOf(server, options.page ?? true);
  const app = new Hono<AppEnv>();
  app.use(requestId());
  // What a handler set itself stays. Whether a whole domain is HTTPS only is for its owner to say.
  app.use(secureHeaders({ overwrite: false, strictTransportSecurity: false }));
  if (options.corsOrigins !== undefined) app.use(crossOrigin(options.corsOrigins));
  const answerError = errorAnswerer(options.onError);
  for (const route of routes) register(app, route, answerError);
  refuseOtherMethods(app, routes, answerError);
  app.notFound((c) => {
    const error = new HttpError(404, 'not_found', `${c.req.method} ${c.req.path}: no such route; see /openapi.json.`);
    return answerError(error, c, renderError);
  });
  app.onError((thrown, c) => answerError(thrown, c, renderError));
  return app;
}

function routesOf(server: Server, hasPage: boolean): readonly Route[] {
  const routes: readonly Route[] = [
    ...(hasPage ? [pageRoute()] : []),
    modelsRoute(server),
    modelRoute(server),
    predictRoute(server),
    studentFileRoute(server),
    compareRoute(server),
    healthRoute(),
    openApiRoute(() => routes),
  ];
  return routes;
}

function crossOrigin(origins: readonly string[] | '*'): ReturnType<typeof cors> {
  return cors({
    origin: origins === '*' ? '*' : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['Content-Type', 'X-Request-Id'],
    exposeHeaders: ['ETag', 'Retry-After', 'X-Request-Id'],
    maxAge: 86_400,
  });
}

type ErrorAnswerer = (thrown: unknown, context: Context<AppEnv>, render: ErrorRenderer) => Response;

function errorAnswerer(onError: AppOptions['onError']): ErrorAnswerer {
  return (thrown, c, render) => {
    const id = c.get('requestId');
    const error = toHttpError(thrown, { id, signal: c.req.raw.signal });
    if (error.status === 500) onError?.(thrown, id);
    return c.json(render(error), error.status as ContentfulStatusCode, { ...error.headers });
  };
}

/** Hono's spelling of a path in OpenAPI's. */
function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function register(app: Hono<AppEnv>, route: Route, answerError: ErrorAnswerer): void {
  app.on(route.method, honoPath(route.path), async (c) => {
    try {
      return await route.handle(c);
    } catch (thrown) {
      return answerError(thrown, c, route.renderError);
    }
  });
}

/** Every path answers every method: the ones that it does not have with 405 and the ones that it has. */
function refuseOtherMethods(app: Hono<AppEnv>, routes: readonly Route[], answerError: ErrorAnswerer): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    const allow = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    app.all(honoPath(path), (c) => {
      const message = `${c.req.method} ${c.req.path}: expected ${allow}.`;
      const error = new HttpError(405, 'method_not_allowed', message, { headers: { Allow: allow } });
      return answerError(error, c, here[0]!.renderError);
    });
  }
}

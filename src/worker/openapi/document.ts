/**
 * The OpenAPI 3.1 description of a server (spec.openapis.org/oas/v3.1.1), put together from its routes. Nobody writes it
 * by hand, so it cannot say other than what is validated.
 */
import type * as v from 'valibot';
import type { ErrorRenderer } from '../errors.ts';
import { renderError } from '../errors.ts';
import type { ResponseDescription, Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { fullJsonSchemaOf, type JsonSchema, jsonSchemaOf, type NamedSchemas } from './json-schema.ts';

/** The parts of an OpenAPI document that this server has. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Version of the HTTP interface, not of the package: it changes when a client would notice. */
const API_VERSION = '1.1.0';

const NAMED: NamedSchemas = new Map<v.GenericSchema, string>([
  [schemas.predictRequest, 'PredictRequest'],
  [schemas.predictResponse, 'PredictResponse'],
  [schemas.compareRequest, 'CompareRequest'],
  [schemas.comparison, 'Comparison'],
  [schemas.modelList, 'ModelList'],
  [schemas.modelCard, 'Model'],
  [schemas.health, 'Health'],
  [schemas.errorBody, 'Error'],
]);

/** Describes the routes of a server. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = describeRoute(route);
    paths[route.path] = path;
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Retort', version: API_VERSION, description: 'Text classifiers of a few hundred kilobytes.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries([...NAMED].map(([schema, name]) => [name, fullJsonSchemaOf(schema, NAMED)])),
    },
  };
}

function describeRoute({ path, operation, renderError: renderer }: Route): JsonSchema {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(operation.query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...inQuery];
  const responses = Object.entries(operation.responses).map(([status, response]) => [status, describe(response)]);
  const fallback = { description: 'An error.', ...errorSchema(renderer) };
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(operation.request && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchemaOf(operation.request, NAMED) } },
      },
    }),
    responses: { ...Object.fromEntries(responses), default: describe(fallback) },
  };
}

/** The shape of errors is known for Retort's own protocol. */
function errorSchema(renderer: ErrorRenderer): Pick<ResponseDescription, 'schema'> {
  return renderer === renderError ? { schema: schemas.errorBody } : {};
}

function describe({ description, mediaType, schema }: ResponseDescription): JsonSchema {
  if (schema !== undefined) {
    return { description, content: { [mediaType ?? 'application/json']: { schema: jsonSchemaOf(schema, NAMED) } } };
  }
  return mediaType === undefined ? { description } : { description, content: { [mediaType]: {} } };
}

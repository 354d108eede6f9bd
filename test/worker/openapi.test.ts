import { describe, expect, it } from 'vitest';
import { testServer } from '../support/server.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId: string; responses: Record<string, unknown> }>>>
  >;
}

/** Every `$ref` of a value. */
function references(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : references(inner)));
}

describe('GET /openapi.json', () => {
  it('is OpenAPI 3.1 and describes every route that the app has, each once', async () => {
    const { app } = await testServer();
    const document = (await (await app.request('/openapi.json')).json()) as Document;
    expect(document.openapi).toMatch(/^3\.1\./);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routed = app.routes
      .filter(({ method, path }) => ['GET', 'POST'].includes(method) && !path.includes('*'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.sort()).toEqual([...new Set(routed)].sort());
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what it contains', async () => {
    const { app } = await testServer();
    const document: unknown = await (await app.request('/openapi.json')).json();
    for (const reference of references(document)) {
      const found = reference
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>(
          (at, key) => (at as Record<string, unknown> | undefined)?.[key.replace(/~1/g, '/').replace(/~0/g, '~')],
          document,
        );
      expect(found, reference).toBeDefined();
    }
  });

  it('says of every operation how it succeeds', async () => {
    const { app } = await testServer();
    const document = (await (await app.request('/openapi.json')).json()) as Document;
    for (const methods of Object.values(document.paths)) {
      for (const { responses } of Object.values(methods)) expect(Object.keys(responses)).toContain('200');
    }
  });
});

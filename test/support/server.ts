/** A server over real students, for tests: asked without a socket. */
import type { Hono } from 'hono';
import type { Prediction, Predictor, PredictorInfo } from '../../src/runtime/index.ts';
import { readStudent, type Student } from '../../src/runtime/node.ts';
import type { AppEnv } from '../../src/worker/app-env.ts';
import { type AppOptions, createApp } from '../../src/worker/index.ts';
import { convStudent, staticStudent, studentBytes } from './students.ts';

/** Names of the students of {@link testServer}: two single-label ones and one with several labels. */
export const STUDENTS = ['test-static', 'test-conv', 'test-topics'] as const;

/** A server with its students by name. */
export interface TestServer {
  readonly app: Hono<AppEnv>;
  readonly students: ReadonlyMap<string, Student>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Sends a JSON body. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Builds a server; `predictors` come behind the students. */
export async function testServer(
  options: Partial<AppOptions> = {},
  predictors: readonly Predictor[] = [],
): Promise<TestServer> {
  const topics = staticStudent({ seed: 4, labels: ['sport', 'money', 'weather'], multiLabel: true });
  const files = new Map<string, Uint8Array>([
    ['test-static', await studentBytes(staticStudent())],
    ['test-conv', await studentBytes(convStudent())],
    ['test-topics', await studentBytes({ ...topics, spec: { ...topics.spec, name: 'test-topics' } })],
  ]);
  const students = new Map([...files].map(([name, bytes]) => [name, readStudent(bytes)]));
  const app = createApp({ predictors: [...students.values(), ...predictors], studentFiles: files, ...options });
  return {
    app,
    students,
    files,
    post: async (path, body, headers = {}) =>
      app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
}

/** A teacher that answers later, as one in a worker thread does; `answer` may wait, throw, or listen to the signal. */
export function slowTeacher(
  student: Student,
  answer: (signal: AbortSignal | undefined) => Promise<void>,
): Predictor & { readonly info: PredictorInfo } {
  return {
    info: { ...student.info, name: 'A slow teacher', role: 'teacher', backend: 'elsewhere' },
    async predict(texts, { signal } = {}): Promise<readonly Prediction[]> {
      await answer(signal);
      return student.predict(texts);
    },
  };
}

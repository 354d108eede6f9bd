/** WebGPU in Node: the `webgpu` package, which is Dawn, puts what a browser has into the global scope. */

/** What is used of the package. */
interface WebGpuPackage {
  readonly globals: Readonly<Record<string, unknown>>;
  create(options: readonly string[]): unknown;
}

const PACKAGE = 'webgpu';

/** Provides `navigator.gpu`, once. */
export async function provideWebGpu(): Promise<void> {
  const scope = globalThis as { navigator?: { readonly gpu?: unknown } };
  if (scope.navigator?.gpu !== undefined) return;
  const { create, globals } = (await import(PACKAGE)) as WebGpuPackage;
  Object.assign(globalThis, globals);
  const navigator = { userAgent: 'node', gpu: create([]) };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

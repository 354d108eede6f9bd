/** WebGPU in Node: the `webgpu` package, which is Dawn, puts what a browser has into the global scope. */

/** What is used of the package. */
interface WebGpuPackage {
  readonly globals: Readonly<Record<string, unknown>>;
  create(options: readonly string[]): unknown;
}

const PACKAGE = 'webgpu';

/** Provides `navigator.gpu`, once. */
export async function provideWebGpu(): Promise<void> {
  const { navigator } = globalThis as { navigator?: { readonly gpu?: unknown } };
  if (navigator?.gpu !== undefined) return;
  const { create, globals } = (await import(PACKAGE)) as WebGpuPackage;
  Object.assign(globalThis, globals);
  const gpu = { value: create([]), configurable: true };
  // Node has a navigator from version 21 on.
  if (navigator !== undefined) Object.defineProperty(navigator, 'gpu', gpu);
  else {
    const value = Object.defineProperty({ userAgent: 'node' }, 'gpu', gpu);
    Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
  }
}

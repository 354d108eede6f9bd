/** A `.wasm` import is a compiled module in workerd and in the bundlers that follow it. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  // biome-ignore lint/style/noDefaultExport: bundlers give a module this shape
  export default module;
}

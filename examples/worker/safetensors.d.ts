/**
 * A `.safetensors` file that is imported is its bytes: wrangler.toml has a Data rule for it.
 */
declare module '*.safetensors' {
  const bytes: ArrayBuffer;
  export default bytes;
}

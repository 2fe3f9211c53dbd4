/** A bundler puts the bytes of a WebAssembly module in place of its name. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** What is used of the WebAssembly interface, which neither ECMAScript's nor Node's types declare. */
export type SharedMemory = { readonly buffer: ArrayBufferLike }

type WebAssemblyInterface = {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number; readonly shared: true }) => SharedMemory
  readonly Module: new (binary: Uint8Array) => object
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: SharedMemory } }) => { readonly exports: object }
  readonly validate: (binary: Uint8Array) => boolean
}

declare const WebAssembly: WebAssemblyInterface | undefined

/** The interface, or `undefined` where there is none. */
export const webAssembly: WebAssemblyInterface | undefined = typeof WebAssembly === 'undefined' ? undefined : WebAssembly

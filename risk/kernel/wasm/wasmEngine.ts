import type { KernelEngine } from '../KernelEngine.ts'
import { kernelBytes } from './kernelBytes.ts'
import { type SharedMemory, webAssembly } from './webAssembly.ts'

const bytes = kernelBytes()

/** Whether the kernel's module is valid here: WebAssembly with SIMD and shared memory. */
export const hasWasmSimd: boolean = webAssembly?.validate(bytes) ?? false

/** The module, compiled once. */
let compiled: object | undefined

/** The engine over `memory`; the caller has looked at {@link hasWasmSimd}. */
export function wasmEngine(memory: SharedMemory): KernelEngine {
  const { Module, Instance } = webAssembly!
  compiled ??= new Module(bytes)
  const exports = new Instance(compiled, { env: { memory } }).exports as Omit<KernelEngine, 'name'>
  return { name: 'wasm', ...exports }
}

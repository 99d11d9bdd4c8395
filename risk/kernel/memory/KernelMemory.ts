import { InvalidInputError } from '../../errors/index.ts'
import type { EngineChoice, KernelEngine } from '../KernelEngine.ts'
import { twinEngine } from '../twin/twinEngine.ts'
import { hasWasmSimd, wasmEngine } from '../wasm/wasmEngine.ts'
import { type SharedMemory, webAssembly } from '../wasm/webAssembly.ts'
import { kernelConstants } from './constants.ts'

const PAGE = 65536
/** WebAssembly addresses 4 GiB. */
const LARGEST = 65536 * PAGE

/**
 * One block of memory that all columns stand in. A shared WebAssembly memory, also for the twin, so that workers of either kind join in; where there is no
 * WebAssembly a shared buffer, and where that is missing too an ordinary one, which serves a single thread.
 */
export type KernelMemory = {
  readonly memory: SharedMemory
  readonly reals: Float64Array
  readonly wholes: Uint32Array
  /** For Atomics. */
  readonly signed: Int32Array
}

/**
 * New memory of at least `bytes`, with the constants in place.
 *
 * @throws {InvalidInputError} More than 4 GiB, the reach of a WebAssembly address.
 */
export function newKernelMemory(bytes: number): KernelMemory {
  if (!(bytes <= LARGEST))
    throw new InvalidInputError({ argument: 'memory of the kernel', got: `${bytes} bytes`, limit: `at most ${LARGEST} bytes` })
  const pages = Math.ceil(bytes / PAGE)
  const kernel = viewMemory(allocate(pages))
  kernel.reals.set(kernelConstants)
  return kernel
}

function allocate(pages: number): SharedMemory {
  if (webAssembly !== undefined) return new webAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const Buffer = typeof SharedArrayBuffer === 'undefined' ? ArrayBuffer : SharedArrayBuffer
  return { buffer: new Buffer(pages * PAGE) }
}

/** Views over a memory that another thread has made. */
export function viewMemory(memory: SharedMemory): KernelMemory {
  const { buffer } = memory
  return { memory, reals: new Float64Array(buffer), wholes: new Uint32Array(buffer), signed: new Int32Array(buffer) }
}

/**
 * The engine over a memory.
 *
 * @throws {InvalidInputError} `wasm` was asked for where WebAssembly lacks SIMD or shared memory.
 */
export function openEngine({ memory }: KernelMemory, choice: EngineChoice): KernelEngine {
  if (choice === 'typescript' || (choice === 'fastest' && !hasWasmSimd)) return twinEngine(memory.buffer)
  if (!hasWasmSimd)
    throw new InvalidInputError({ argument: 'engine', got: choice, limit: 'fastest or typescript, since SIMD is missing here' })
  return wasmEngine(memory)
}

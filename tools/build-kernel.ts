// Compiles risk/kernel/assembly to risk/kernel/wasm/kernelBinary.ts. `npm run build:kernel`; a test compares what is committed with a fresh build.
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The part of the compiler that is used here. Its own types would declare AssemblyScript's globals, `console` among them, for all of ours: it is imported by a name that they do not follow. */
type Compiler = {
  readonly main: (
    args: readonly string[],
    io: {
      readonly readFile: (name: string) => string | null
      readonly writeFile: (name: string, contents: Uint8Array | string) => void
      readonly listFiles: () => readonly string[]
    },
  ) => Promise<{ readonly error: Error | null; readonly stderr: { readonly toString: () => string } }>
}
const compilerName: string = 'assemblyscript/asc'

const root = join(import.meta.dirname, '..')
const sources = join(root, 'risk/kernel/assembly')
export const kernelBinaryFile = join(root, 'risk/kernel/wasm/kernelBinary.ts')

// No runtime and no memory of its own: every address is the caller's. Threads only for the shared memory; nothing relaxed, so that each result is fixed.
const options = [
  '--runtime stub -O3 --converge --noAssert --enable simd --enable threads',
  '--importMemory --noExportMemory --sharedMemory --initialMemory 1 --maximumMemory 65536',
].flatMap((line) => line.split(' '))

/**
 * The module, and its text form for tests.
 *
 * @throws {Error} The sources do not compile; the message is the compiler's.
 */
export async function compileKernel(): Promise<{ readonly binary: Uint8Array; readonly text: string }> {
  const { main } = (await import(compilerName)) as Compiler
  const written = new Map<string, Uint8Array | string>()
  const { error, stderr } = await main(['kernel.ts', '--outFile', 'kernel.wasm', '--textFile', 'kernel.wat', ...options], {
    // The compiler asks for .ts; ours end in .as, since they are not TypeScript and its checkers would misread them.
    readFile: (name) => {
      const path = join(sources, name.replace(/\.ts$/, '.as'))
      return existsSync(path) ? readFileSync(path, 'utf8') : null
    },
    writeFile: (name, contents) => {
      written.set(name, contents)
    },
    listFiles: () => [],
  })
  const binary = written.get('kernel.wasm')
  const text = written.get('kernel.wat')
  if (error !== null || !(binary instanceof Uint8Array) || typeof text !== 'string')
    throw new Error(`The kernel does not compile.\n${stderr}`)
  return { binary, text }
}

/** The TypeScript file that carries a module. */
export function kernelBinarySource(binary: Uint8Array): string {
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,130}/g) ?? []
  return [
    '// Built by `npm run build:kernel` from risk/kernel/assembly; test/risk/kernel/build.test.ts holds it to a fresh build.',
    '',
    '/** The WebAssembly module in base64. */',
    'export const kernelBinary =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')}`,
    '',
  ].join('\n')
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  const { binary } = await compileKernel()
  writeFileSync(kernelBinaryFile, kernelBinarySource(binary))
  console.log(`${binary.length} bytes`)
}

// Prints one hash over what each engine of the kernel computes, to compare one Node version with another: node tools/kernel-bits.ts
import { kernelBits } from '../test/risk/kernel/kernelBits.ts'
import { pinnedBits } from '../test/risk/kernel/pinnedBits.ts'

for (const engine of ['wasm', 'typescript'] as const) {
  const bits = kernelBits(engine)
  console.log(`${process.version} ${engine} ${bits} ${bits === pinnedBits ? 'as pinned' : `not the pinned ${pinnedBits}`}`)
}

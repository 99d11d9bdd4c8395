import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileKernel, kernelBinaryFile, kernelBinarySource } from '../../../tools/build-kernel.ts'

describe('the committed WebAssembly', async () => {
  const { binary, text } = await compileKernel()
  it('is what its sources give, byte for byte', () => {
    expect(readFileSync(kernelBinaryFile, 'utf8')).toBe(kernelBinarySource(binary))
  })
  it('uses SIMD, and nothing whose result is not fixed: no fused or relaxed operations', () => {
    expect(text).toContain('f64x2.mul')
    expect(text).not.toMatch(/relaxed/)
  })
  it('has no memory, data or import of its own but the caller’s memory', () => {
    expect(text.match(/\(import /g)).toHaveLength(1)
    expect(text).toMatch(/\(import "env" "memory" \(memory \$\S+ 1 65536 shared\)\)/)
    expect(text).not.toMatch(/\(data /)
  })
})

import { describe, expect, it, vi } from 'vitest'
import { expectInvalid } from '../support/expectInvalid.ts'
import { pinnedBits } from './pinnedBits.ts'
import { randomVenue } from './randomVenue.ts'

// A machine without WebAssembly, as far as the kernel can see.
vi.mock('../../../risk/kernel/wasm/webAssembly.ts', () => ({ webAssembly: undefined }))
const { hasWasmSimd, openBlack76Batch, openVenue } = await import('../../../risk/kernel/index.ts')
const { kernelBits } = await import('./kernelBits.ts')

describe('without WebAssembly', () => {
  it('takes the twin, with the same bits', () => {
    expect(hasWasmSimd).toBe(false)
    expect(openBlack76Batch(1).engine).toBe('typescript')
    expect(kernelBits('fastest')).toBe(pinnedBits)
  })
  it('says that the engine asked for is not there', () => {
    expectInvalid('engine', () => openBlack76Batch(1, 'wasm'))
  })
  it('still has memory that threads can share, or one of its own where there is none', () => {
    const { terms } = randomVenue(1, { accounts: 3, instruments: 8, scenarios: 9 })
    expect(openVenue(terms).kernel.memory.buffer).toBeInstanceOf(SharedArrayBuffer)
    vi.stubGlobal('SharedArrayBuffer', undefined)
    expect(openVenue(terms).kernel.memory.buffer).toBeInstanceOf(ArrayBuffer)
    vi.unstubAllGlobals()
  })
})

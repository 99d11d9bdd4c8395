import { describe, expect, test } from 'vitest'
import { hasSolver, proveSolidity } from '../../tools/proveSolidity.ts'

// Without z3 on this machine the two tests are skipped, and say so by their name.
describe.skipIf(!hasSolver())('arithmetic of clearing, for all inputs (needs z3)', () => {
  test('every statement is proved', { timeout: 300_000 }, () => {
    const proofs = proveSolidity('test/proofs/Arithmetic.sol')
    expect(proofs.length).toBeGreaterThanOrEqual(19)
    expect(proofs.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  })

  test('a statement that is wrong by one unit is refuted', { timeout: 300_000 }, () => {
    const proofs = proveSolidity('test/proofs/false/Canary.sol')
    expect(proofs).toHaveLength(4)
    expect(proofs.filter(({ verdict }) => verdict !== 'refuted')).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { needsSteward } from '../../../controller/engine/needsSteward.ts'
import type { Powers } from '../../../risk/types/index.ts'

const powers: Powers = { submit: true, cosigned: false, applies: true, tightens: true, loosens: true, executes: true, walks: false }
const lane = { powers, impactAccountsLimit: 10, impactNotionalLimit: '1000' }

// As `_requireCosign` of ControllerMandate.sol: test/contracts/parameters/mandate/SubmitRound.t.sol holds the same edges against the contract.
describe('needsSteward', () => {
  it.each([
    [lane, 10, 1_000n, null],
    [lane, 11, 0n, 'impact'],
    [lane, 0, 1_001n, 'impact'],
    [{ ...lane, powers: { ...powers, cosigned: true } }, 0, 0n, 'lane'],
    [{ ...lane, powers: { ...powers, cosigned: true } }, 11, 1_001n, 'lane'],
    [{ ...lane, powers: { ...powers, applies: false } }, 11, 1_001n, null],
  ] as const)('%o, %i accounts, %i wei of a dollar: %s', (at, impactAccounts, impactNotional, need) => {
    expect(needsSteward(at, { impactAccounts, impactNotional })).toBe(need)
  })
})

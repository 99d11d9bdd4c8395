import { describe, expect, it } from 'vitest'
import { findErrorFaults } from '../../tools/check-errors.ts'
import { formatFault, type Source } from '../../tools/faults.ts'

const contracts: Source[] = [
  { path: 'contracts/IVault.sol', text: 'interface IVault {\n    error Vault_Empty(uint256 had);\n    error Vault_Closed();\n}' },
  { path: 'contracts/Vault.sol', text: 'if (had == 0) revert Vault_Empty(had);\nrevert IVault.Vault_Closed();' },
]
const solidity = (text: string): Source => ({ path: 'test/contracts/Vault.t.sol', text })
const typescript = (text: string): Source => ({ path: 'test/contracts/vault.test.ts', text })
const faults = (tests: Source[], sources = contracts): string[] => findErrorFaults(sources, tests).map(formatFault)

const EMPTY = 'contracts/IVault.sol:2 untested-error: no test in test/contracts provokes Vault_Empty'
const CLOSED = 'contracts/IVault.sol:3 untested-error: no test in test/contracts provokes Vault_Closed'

describe('check-errors', () => {
  it('names every error that no test provokes', () => {
    expect(faults([])).toEqual([EMPTY, CLOSED])
  })

  it('takes the selector in a Solidity test and the name in a TypeScript test', () => {
    expect(faults([solidity('vm.expectRevert(IVault.Vault_Empty.selector);'), typescript('toThrow(/Vault_Closed/)')])).toEqual([])
  })

  it('does not take a comment, a mention without selector or a longer name for a test', () => {
    const tests = [
      solidity('// IVault.Vault_Empty.selector\nrevert Vault_Empty(1); /* Vault_Closed.selector */'),
      typescript("// Vault_Closed\nexpect('Vault_EmptyAgain')"),
    ]
    expect(faults(tests)).toEqual([EMPTY, CLOSED])
  })

  it('keeps what follows an address of the web, which is no comment', () => {
    expect(faults([typescript("fetch('https://x'); toThrow(/Vault_Closed/)")])).toEqual([EMPTY])
  })

  it('names an error that nothing reverts with, also when a comment speaks of it', () => {
    const unused = [contracts[0]!, { path: 'contracts/Vault.sol', text: 'revert Vault_Empty(1); // never Vault_Closed' }]
    const message = 'contracts/IVault.sol:3 unused-error: nothing reverts with Vault_Closed'
    expect(faults([solidity('Vault_Empty.selector; Vault_Closed.selector')], unused)).toEqual([message])
  })
})

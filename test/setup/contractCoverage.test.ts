import { describe, expect, it } from 'vitest'
import { findInliningTests } from '../../tools/contract-coverage/findInliningTests.ts'
import { instrumentSolidity } from '../../tools/contract-coverage/instrumentSolidity.ts'
import { summarize } from '../../tools/contract-coverage/summarize.ts'

const source = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Ärger: bytes are not letters.
library Apfel {
    error Empty();

    modifier once() {
        _;
    }

    function pick(uint256 a, bool b) internal pure returns (uint256 c) {
        if (a == 0) revert Empty();
        for (uint256 i; i < a; ++i) c += b ? 1 : (a > 2 ? 2 : 3);
        if (b) {
            unchecked { ++c; }
        } else return c;
        assembly ("memory-safe") { c := add(c, 1) }
    }
}
`

describe('instrumentSolidity', () => {
  const { text, points } = instrumentSolidity('contracts/margin/A.sol', source, 100)
  const lines = text.split('\n')

  it('finds every statement and both outcomes of every condition, with their lines', () => {
    const found = points.map(({ line, kind, text: of }) => `${line} ${kind} ${of}`)
    expect(found).toHaveLength(16)
    expect(found).toContain('13 statement revert Empty()')
    expect(found).toContain('13 false a == 0')
    expect(found).toContain('14 true a > 2')
    expect(found).toContain('16 statement ++c')
    expect(found).toContain('17 statement return c')
  })

  it('keeps every line where it was', () => {
    expect(lines).toHaveLength(source.split('\n').length)
    expect(lines[1]).toBe('pragma solidity 0.8.37; import {CoverageProbe} from "../CoverageProbe.sol";')
    expect(lines[12]).toMatch(
      /^ {8}CoverageProbe\.reach\(\d+\); if \(CoverageProbe\.outcome\(\d+, a == 0\)\) \{ CoverageProbe\.reach\(\d+\); revert Empty\(\); }$/,
    )
    expect(lines[16]).toMatch(/} else \{ CoverageProbe\.reach\(\d+\); return c; }$/)
  })

  it('nests conditions within conditions', () => {
    expect(lines[13]).toMatch(/CoverageProbe\.outcome\(\d+, b\) \? 1 : \(CoverageProbe\.outcome\(\d+, a > 2\) \? 2 : 3\); }$/)
  })

  it('gives each point a number of its own', () => {
    const numbers = [...text.matchAll(/reach\((\d+)\)|outcome\((\d+),/g)].flatMap(([, one, both]) =>
      one === undefined ? [Number(both), Number(both) + 1] : [Number(one)],
    )
    expect(numbers.sort((a, b) => a - b)).toEqual(points.map((_, i) => 100 + i))
  })

  it('leaves a file with nothing to reach as it is', () => {
    const without = 'pragma solidity 0.8.37;\ninterface I { function f() external; }\n'
    expect(instrumentSolidity('contracts/I.sol', without, 0)).toEqual({ text: without, points: [] })
  })

  it('says which file does not parse', () => {
    expect(() => instrumentSolidity('contracts/B.sol', 'pragma solidity 0.8.37; contract {', 0)).toThrow(/contracts\/B\.sol/)
  })
})

describe('summarize', () => {
  it('counts a line when all that begins on it was reached, and names what was not', () => {
    const of = { path: 'contracts/A.sol', line: 3, text: 'a' } as const
    const points = [
      { ...of, kind: 'statement' },
      { ...of, kind: 'statement' },
      { ...of, kind: 'statement', line: 4 },
      { ...of, kind: 'true' },
      { ...of, kind: 'false' },
    ] as const
    const { files, missed, total } = summarize(points, new Set([0, 2, 4]))
    expect(files).toEqual([
      { path: 'contracts/A.sol', statements: { reached: 2, all: 3 }, lines: { reached: 1, all: 2 }, branches: { reached: 1, all: 2 } },
    ])
    expect(missed).toEqual([points[1], points[3]])
    expect(total).toEqual({ ...files[0], path: 'all' })
  })
})

describe('findInliningTests', () => {
  const library = { path: 'contracts/L.sol', text: 'library L {' }
  const contract = { path: 'contracts/C.sol', text: 'import {L} from "./L.sol";\ncontract C {' }
  const shape = { path: 'contracts/interfaces/I.sol', text: 'function chainOf() pure {}' }
  const probe = { path: 'test/contracts/support/Probe.sol', text: 'import {L} from "../../../contracts/L.sol";\ncontract Probe {' }
  const test = (name: string, from: string) => ({ path: `test/contracts/x/${name}.t.sol`, text: `import {A,\n  B} from "${from}";` })

  it('takes tests with libraries of their own, through files of tests too, and leaves those that know a contract or an interface', () => {
    const tests = [
      test('Direct', '../../../contracts/L.sol'),
      test('Through', '../support/Probe.sol'),
      test('Typed', '../../../contracts/C.sol'),
      test('Shape', '../../../contracts/interfaces/I.sol'),
    ]
    expect(findInliningTests([library, contract, shape, probe, ...tests])).toEqual([
      'test/contracts/x/Direct.t.sol',
      'test/contracts/x/Through.t.sol',
    ])
  })
})

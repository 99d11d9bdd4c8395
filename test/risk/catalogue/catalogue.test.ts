import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseCatalogue, parseEngineConfiguration, parseMarket } from '../../../risk/catalogue/index.ts'
import { parseWith } from '../../../risk/catalogue/parseWith.ts'
import { marginParametersOf } from '../../../risk/decide/index.ts'
import { ConfigurationError } from '../../../risk/errors/index.ts'
import { numericFingerprint } from '../../../risk/math/fingerprint.ts'
import { readConfig } from '../support/readConfig.ts'

const catalogue = parseCatalogue(readConfig('catalogues/ballast'))

function problemsOf(act: () => unknown): readonly { path: string; got: string; limit: string }[] {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.context.problems
    throw error
  }
  return []
}

/** A deep copy with one place changed. */
function changed(input: unknown, change: (copy: never) => void): unknown {
  const copy = structuredClone(input)
  change(copy as never)
  return copy
}

describe('the shipped configuration', () => {
  it.each(['markets/btc', 'markets/eth', 'markets/sol', 'groups/main'])('%s is valid against the catalogue', (name) => {
    expect(parseMarket(readConfig(name), catalogue).scopes.length).toBeGreaterThan(0)
  })

  it.each(['btc', 'eth', 'btc-collateral', 'eth-collateral', 'groups/eth'])(
    'engines/%s is valid and names the fingerprint of this engine',
    (name) => {
      expect(parseEngineConfiguration(readConfig(`engines/${name}`), catalogue).fingerprint).toBe(numericFingerprint())
    },
  )

  it.each([
    ['btc', 'markets/btc'],
    ['eth', 'markets/eth'],
    ['btc-collateral', 'markets/btc'],
    ['eth-collateral', 'markets/eth'],
    ['groups/eth', 'groups/main'],
  ])('engines/%s assumes what the margin rule reads and its scope does not hold', (name, market) => {
    const configuration = parseEngineConfiguration(readConfig(`engines/${name}`), catalogue)
    const held = parseMarket(readConfig(market), catalogue).scopes.find(({ scope }) => scope === configuration.scope)!.parameters
    const parameters = marginParametersOf(new Map(held.map(({ id, value }) => [id, value])), configuration)
    expect(parameters.haircut).toBeGreaterThan(0)
  })

  it('holds its defaults at their baselines', () => {
    for (const name of ['markets/btc', 'markets/eth', 'markets/sol', 'groups/main'])
      for (const { parameters } of parseMarket(readConfig(name), catalogue).scopes)
        for (const { id, value, rule } of parameters) expect(value, `${name} ${id}`).toBe(rule.baseline)
  })

  it('gives MONEY and FEED no tightening and no emergency path', () => {
    const slow = new Set(catalogue.parameters.filter((spec) => spec.class !== 'risk').map(({ id }) => id))
    for (const { parameters } of parseMarket(readConfig('markets/eth'), catalogue).scopes)
      for (const { id, rule } of parameters)
        if (slow.has(id)) expect([rule.tightenStepBps, rule.tightenBudgetBps, rule.emergencyStepBps], id).toEqual([0, 0, 0])
  })

  it('is what docs/parameters.md and the published schemas say', () => {
    const tool = fileURLToPath(new URL('../../../tools/generate-parameter-docs.ts', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [tool, '--check'], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

describe('parseCatalogue', () => {
  const input = readConfig('catalogues/ballast')

  it('reports all problems at once, each with path, value and limit', () => {
    const problems = problemsOf(() =>
      parseCatalogue(
        changed(input, (copy: { parameters: { group: number; unit: string }[]; extra: number }) => {
          copy.parameters[0]!.group = -1
          copy.parameters[1]!.unit = 'percent'
          copy.extra = 1
        }),
      ),
    )
    expect(problems.map(({ path }) => path).sort()).toEqual(['$.extra', '$.parameters[0].group', '$.parameters[1].unit'])
    expect(problems.every(({ got, limit }) => got !== '' && limit !== '')).toBe(true)
  })

  it('refuses ids that do not ascend, rails that enclose nothing, RISK that tightens both ways and invariants across scope kinds', () => {
    const problems = problemsOf(() =>
      parseCatalogue(
        changed(
          input,
          (copy: { parameters: { id: string; direction: string; rails: { floor: number } }[]; invariants: { right: string }[] }) => {
            copy.parameters.reverse()
            copy.parameters[2]!.rails.floor = 281_474_976_710_655
            copy.parameters[10]!.direction = 'twoSided'
            copy.invariants[0]!.right = 'collateral.haircut'
          },
        ),
      ),
    )
    const paths = problems.map(({ path }) => path)
    expect(paths).toContain('$.parameters[1].id')
    expect(paths).toContain('$.parameters[2].rails.floor')
    expect(paths).toContain('$.parameters[10].direction')
    expect(paths).toContain('$.invariants[0].right')
  })
})

describe('parseMarket', () => {
  const input = readConfig('markets/eth')
  type Copy = { scopes: { parameters: { id: string; value: number; rule: { floor: number; loosenCooldown: number } }[] }[] }

  it('refuses a scope that lacks a parameter', () => {
    const problems = problemsOf(() =>
      parseMarket(
        changed(input, (copy: Copy) => void copy.scopes[0]!.parameters.pop()),
        catalogue,
      ),
    )
    expect(problems[0]?.path).toBe('$.scopes[0].parameters')
  })

  it('refuses a value outside its rule, a rule outside its rails and a broken joint invariant', () => {
    const problems = problemsOf(() =>
      parseMarket(
        changed(input, (copy: Copy) => {
          const at = (id: string) => copy.scopes[0]!.parameters.find((parameter) => parameter.id === id)!
          at('margin.tailWeight').value = 1
          at('margin.volScanUp').rule.loosenCooldown = 0
          at('oracle.maxAge').value = 100
        }),
        catalogue,
      ),
    )
    expect(problems.map(({ path }) => path)).toEqual([
      '$.scopes[0].parameters[14].value',
      '$.scopes[0].parameters[17].rule.loosenCooldown',
      '$.scopes[0]',
    ])
  })
})

describe('parseEngineConfiguration', () => {
  const input = readConfig('engines/eth')

  it('refuses constants that are missing, unknown or of another scope', () => {
    const problems = problemsOf(() =>
      parseEngineConfiguration(
        changed(input, (copy: { policy: Record<string, Record<string, number>> }) => {
          delete copy.policy['margin.tailWeight']
          copy.policy['margin.priceScanRange']!['coreWeigth'] = 1
          copy.policy['collateral.haircut'] = {}
        }),
        catalogue,
      ),
    )
    expect(problems.map(({ path }) => path).sort()).toEqual([
      '$.policy.collateral.haircut',
      '$.policy.margin.priceScanRange',
      '$.policy.margin.tailWeight',
    ])
  })
})

describe('limits in words', () => {
  const schema = z.strictObject({
    at: z.number().min(1).max(2),
    above: z.number().gt(0),
    name: z.string().min(2),
    kind: z.enum(['a', 'b']),
    version: z.literal(1),
    rows: z.array(z.int()).max(1),
    either: z.union([z.string(), z.int()]),
  })
  const good = { at: 1, above: 1, name: 'ab', kind: 'a', version: 1, rows: [1], either: 'x' }
  it.each([
    [{ at: 0 }, '$.at', '0', 'at least 1'],
    [{ at: 3 }, '$.at', '3', 'at most 2'],
    [{ above: 0 }, '$.above', '0', 'above 0'],
    [{ above: 'x' }, '$.above', '"x"', 'a number'],
    [{ name: 'a' }, '$.name', '"a"', 'at least 2 characters'],
    [{ kind: 'c' }, '$.kind', '"c"', 'one of a, b'],
    [{ version: 2 }, '$.version', '2', '1'],
    [{ rows: [1, 2] }, '$.rows', '[1,2]', 'at most 1 entry'],
    [{ rows: [1.5] }, '$.rows[0]', '1.5', 'a whole number'],
    [{ either: null }, '$.either', 'null', 'a text, or a number'],
    [{ more: 1 }, '$.more', 'a field that does not exist', 'left out'],
  ])('%j', (change, path, got, limit) => {
    const parse = (): unknown => parseWith('it', schema, { ...good, ...change }, () => [])
    expect(parse).toThrow(ConfigurationError)
    try {
      parse()
    } catch (error) {
      expect((error as ConfigurationError).context.problems).toEqual([{ path, got, limit }])
    }
  })
})

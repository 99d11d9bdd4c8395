import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFunctionData, parseAbi, toFunctionSelector } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdapterKind } from '../../../chain/adapters/index.ts'
import { readAdapterSettings } from '../../../cli/adapter/parseAdapterSettings.ts'
import { projectRoot } from '../../../cli/context/projectRoot.ts'
import { runCli } from '../runCli.ts'

type Json = Record<string, unknown>
const example = JSON.parse(readFileSync(join(projectRoot, 'examples/adopt/adapter.json'), 'utf8')) as Json & { parameters: Json[] }
const own = '0x2946259E0334f33A064106302415aD3391BeD384'
const other = '0xF2E246BB76DF876Cef8b38ae84130F4F55De395b'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast adapter '))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The example with fields of its first parameter, and of the file, replaced; undefined takes one out. */
function read(kind: AdapterKind, parameter: Json = {}, file: Json = {}) {
  const [first, ...others] = example.parameters
  const input = { ...example, parameters: [{ ...first, ...parameter }, ...others], ...file }
  writeFileSync(join(folder, 'adapter.json'), JSON.stringify(input))
  return readAdapterSettings('adapter.json', folder, kind)
}

describe('readAdapterSettings', () => {
  test('one file makes all three kinds', () => {
    const pull = read('pull').plan
    expect(pull.kind === 'pull' && pull.expected).toEqual([82n, 850_000_000_000_000_000n, 120_000n * 10n ** 18n, 50_000_000_000_000_000n])
    expect(read('mirror').plan.kind).toBe('mirror')
    const { plan, units, protocol } = read('push')
    expect(protocol).toBe('Harbor')
    expect(units[1]).toEqual({ key: 'liquidationThreshold', unit: '%', decimals: 16 })
    expect(plan.bindings[0]).toEqual({
      key: 'loanToValue',
      scope: 'asset:ETH',
      id: 'collateral.haircut',
      reading: 'target',
      mul: 12n,
      div: 1000n,
      complementOf: 100n,
      maximum: 95n,
    })
    expect(plan.bindings[2]?.complementOf).toBe(0n)
    expect(plan.kind === 'push' && plan.probes[0]).toEqual({ target: own, word: 0, input: toFunctionSelector('loanToValue()') })
    expect(plan.kind === 'push' && plan.setters[0]).toEqual({ target: own, prefix: toFunctionSelector('setLoanToValue(uint8)') })
  })

  test('leading arguments go before the number, and another contract may hold it', () => {
    const { plan } = read('push', {
      target: other,
      arguments: [own, true, '7'],
      getter: 'function numbers(address market, bool isLong, uint64 tier) view returns (address, uint8)',
      answer: 1,
      setter: 'function set(address market, bool isLong, uint64 tier, uint8 percent)',
    })
    if (plan.kind !== 'push') throw new Error('kind')
    const abi = parseAbi([
      'function numbers(address market, bool isLong, uint64 tier)',
      'function set(address market, bool isLong, uint64 tier, uint8 percent)',
    ])
    const [probe, setter] = [plan.probes[0]!, plan.setters[0]!]
    expect([probe.target, setter.target, probe.word]).toEqual([other, other, 1])
    expect(decodeFunctionData({ abi, data: probe.input }).args).toEqual([own, true, 7n])
    const number = 77n.toString(16).padStart(64, '0')
    expect(decodeFunctionData({ abi, data: `${setter.prefix}${number}` }).args).toEqual([own, true, 7n, 77])
  })

  test.each<readonly [string, AdapterKind, Json, string]>([
    ['a number that is none', 'mirror', { mul: '1.5' }, 'parameters[0].mul'],
    ['a number that is no text', 'mirror', { mul: 12 }, 'parameters[0].mul'],
    ['a reading that does not exist', 'mirror', { reading: 'both' }, 'parameters[0].reading'],
    ['a scope without a kind', 'mirror', { scope: 'ETH' }, 'parameters[0].scope'],
    ['an address with a wrong checksum', 'mirror', { target: own.toLowerCase().replace('a', 'A') }, 'parameters[0].target'],
    ['a field that does not exist', 'mirror', { rounding: 'down' }, 'rounding'],
    ['a key that is too long', 'mirror', { key: 'k'.repeat(32) }, 'parameters[0].key'],
    ['no getter', 'mirror', { getter: undefined }, 'parameters[0].getter'],
    ['no setter', 'push', { setter: undefined }, 'parameters[0].setter'],
    ['no expected number', 'pull', { expected: undefined }, 'parameters[0].expected'],
    ['a getter that is no function', 'mirror', { getter: 'loanToValue' }, 'parameters[0].getter'],
    ['an event for a getter', 'mirror', { getter: 'event loanToValue(uint8)' }, 'parameters[0].getter'],
    ['an answer that the getter does not give', 'mirror', { answer: 1 }, 'parameters[0].answer'],
    ['an answer of changing length', 'mirror', { getter: 'function f() view returns (string, uint8)', answer: 1 }, 'parameters[0].getter'],
    ['a setter whose last argument is no number', 'push', { setter: 'function set(bool now)' }, 'parameters[0].setter'],
    ['a maximum that the setter cannot take', 'push', { maximum: '256' }, 'at most 255'],
    ['arguments that are missing', 'push', { setter: 'function set(address market, uint8 percent)' }, 'parameters[0].setter'],
    [
      'an argument of another type',
      'push',
      { arguments: ['x'], getter: 'function f(address m) view returns (uint8)', setter: 'function set(address m, uint8 p)' },
      'parameters[0].getter',
    ],
  ])('%s is refused, with its path', (_name, kind, change, said) => {
    expect(() => read(kind, change)).toThrow(said)
  })

  test('all problems are told at once', () => {
    const twice = expect.objectContaining({ message: expect.stringMatching(/parameters\[0\]\.reading[\s\S]*parameters\[0\]\.mul/) })
    expect(() => read('mirror', { mul: 'x', reading: 'y' })).toThrow(twice)
  })
})

describe('ballast adapter', () => {
  test('a kind that does not exist is a question of usage', async () => {
    const { code, err } = await runCli(['adapter', 'deploy', 'adapter.json', '--kind', 'poll', '--record', 'r.json'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('one of pull, mirror, push')
  })

  test('a record that is not there names the command that writes it', async () => {
    const { code, err } = await runCli(['adapter', 'show', 'nothing.json', '--rpc', 'http://127.0.0.1:1'], { folder })
    expect(code).toBe(4)
    expect(err).toContain('adapter deploy')
  })

  test('a mirror cannot be synced', async () => {
    const record = { schema: 'ballast.adapterRecord', version: 1, chainId: 1, kind: 'mirror', protocol: 'Harbor', adapter: own, units: [] }
    writeFileSync(join(folder, 'mirror.json'), JSON.stringify(record))
    const { code, err } = await runCli(['adapter', 'sync', 'mirror.json', '--rpc', 'http://127.0.0.1:1'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('only a push adapter writes')
  })
})

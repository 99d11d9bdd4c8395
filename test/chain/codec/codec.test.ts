import fc from 'fast-check'
import { getAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  decodeEntry,
  decodeInteger,
  decodeInvariant,
  decodePending,
  decodeRule,
  decodeSpec,
  decodeValue,
  encodeInteger,
  encodeInvariant,
  encodeRule,
  encodeSettings,
  encodeSignature,
  encodeSignatures,
  encodeSpec,
} from '../../../chain/codec/index.ts'
import { InvalidInputError, OutOfRangeError } from '../../../risk/errors/index.ts'
import type { ParameterRule } from '../../../risk/types/index.ts'
import { laneSettings } from '../../proposals/support.ts'
import { propertyRuns } from '../../risk/support/propertyRuns.ts'
import { catalogue } from '../support.ts'

const value = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const small = fc.integer({ min: 0, max: 65_535 })

describe('codec', () => {
  test('a rule survives the way to the chain and back', () => {
    const rule = fc.record({
      floor: value,
      ceiling: value,
      baseline: value,
      tightenStepBps: small,
      tightenStepFloor: value,
      loosenStepBps: small,
      tightenCooldown: small,
      loosenCooldown: small,
      tightenBudgetBps: small,
      loosenBudgetBps: small,
      loosenWindow: small,
      vetoHours: small,
      emergencyStepBps: small,
      emergencyCooldown: small,
      rampPerHour: value,
    }) as unknown as fc.Arbitrary<ParameterRule>
    fc.assert(
      fc.property(rule, (one) => {
        expect(decodeRule(encodeRule(one))).toEqual(one)
      }),
      propertyRuns,
    )
  })

  test('a catalogue survives but for unit and description, which the chain does not hold', () => {
    for (const spec of catalogue.parameters) {
      const { unit: _, description: __, ...rest } = spec
      expect(decodeSpec(encodeSpec(spec))).toEqual(rest)
    }
    for (const invariant of catalogue.invariants) expect(decodeInvariant(encodeInvariant(invariant))).toEqual(invariant)
  })

  test('numbers outside their range are refused, not rounded', () => {
    expect(decodeValue(2n ** 48n - 1n)).toBe(2 ** 48 - 1)
    expect(() => decodeValue(2n ** 48n)).toThrow(OutOfRangeError)
    expect(() => decodeInteger(2n ** 53n)).toThrow(OutOfRangeError)
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => encodeInteger(wrong)).toThrow(OutOfRangeError)
  })

  test('an empty slot is no pending loosening', () => {
    const empty = { target: 0n, createdAt: 0, eta: 0, expiry: 0, epoch: 0, historyLength: 0, round: 0 }
    expect(decodePending(empty)).toBeNull()
    expect(decodePending({ ...empty, target: 5n, createdAt: 1 })).toMatchObject({ target: 5, createdAt: 1 })
  })

  test('an unknown writer or reason is refused', () => {
    const entry = {
      value: 1n,
      time: 1,
      cumulativeLoosenBps: 0,
      cumulativeTighten: 0,
      cumulativeStewardTighten: 0,
      round: 0,
      writer: 1,
      reason: 3,
    }
    expect(decodeEntry(entry)).toMatchObject({ writer: 'controller', reason: 'round' })
    expect(() => decodeEntry({ ...entry, writer: 5 })).toThrow(InvalidInputError)
    expect(() => decodeEntry({ ...entry, reason: 9 })).toThrow(InvalidInputError)
  })

  test('limits in USD keep all 18 decimals', () => {
    expect(encodeSettings({ ...laneSettings, impactNotionalLimit: '1234567890123456789012345' }).impactNotionalLimit).toBe(
      1234567890123456789012345n,
    )
  })

  test('signers are sorted by number, not by the case of their letters; an absent co-sign is a zero signer', () => {
    const signers = [
      '0x00000000000000000000000000000000000000fe',
      '0x0000000000000000000000000000000000000aB0',
      '0x00000000000000000000000000000000000000Aa',
    ] as const
    const sorted = encodeSignatures(signers.map((signer) => ({ signer: getAddress(signer.toLowerCase()), data: '0x' as const })))
    const numbers = sorted.map(({ signer }) => BigInt(signer))
    expect(numbers).toEqual([0xaan, 0xfen, 0xab0n])
    expect(BigInt(encodeSignature(null).signer)).toBe(0n)
  })
})

import { encodeDeployData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { emptyIndex, type LossLayers, payoutAllowance, waterfall } from '../../../risk/insurance/index.ts'
import {
  dutchShare,
  feeCap,
  type LiquidationTerms,
  partialSize,
  restorationTarget,
  sliceCharge,
  sliceQuantities,
} from '../../../risk/liquidation/index.ts'
import type { Bps, Seconds } from '../../../risk/types/index.ts'
import { compileSolidity } from '../../../tools/compileSolidity.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'

const KEY = `0x${'b3'.repeat(32)}` as const
const WAD = 10n ** 18n
const COUNT = deep ? 2_000 : 300

/** A share of `whole` with all digits of the double, so that amounts are not round. */
const shareOf = (whole: bigint, share: number): bigint => (whole * BigInt(Math.round(share * 2 ** 50))) / 2n ** 50n

type Case = {
  readonly equity: bigint
  readonly maintenance: bigint
  readonly deltaNotional: bigint
  readonly elapsed: number
  readonly dust: bigint
  readonly fraction: bigint
  readonly released: bigint
  readonly taken: bigint
  readonly terms: LiquidationTerms
}

/** Accounts of a cent to a trillion USD, from nothing to twice the target; terms over their whole rails, edges included. */
function randomCases(seed: number): Case[] {
  const draws = uniforms(seed, COUNT * 13)
  return Array.from({ length: COUNT }, (_, i) => {
    const u = (place: number): number => draws[13 * i + place] ?? 0
    const edge = (value: number, low: number, high: number): number =>
      value < 0.1 ? low : value > 0.9 ? high : Math.round(low + value * (high - low))
    const maintenance = shareOf(10n ** 30n, 10 ** (-14 * u(0)))
    return {
      maintenance,
      equity: i % 17 === 0 ? 0n : shareOf(2n * maintenance, u(1)),
      deltaNotional: shareOf(40n * maintenance, u(2) ** 3),
      elapsed: edge(u(3), 0, 100_000),
      dust: i % 3 === 0 ? shareOf(maintenance, u(4)) : 0n,
      fraction: i % 13 === 0 ? WAD : shareOf(WAD, u(5)),
      released: i % 11 === 0 ? 0n : shareOf(maintenance, u(6)),
      taken: shareOf(40n * maintenance, u(7) ** 3),
      terms: {
        feeBps: edge(u(8), 1, 2_000) as Bps,
        maintenanceShareBps: edge(u(9), 0, 5_000) as Bps,
        liquidatorShareBps: 7_000 as Bps,
        bufferBps: edge(u(10), 100, 10_000) as Bps,
        solventSeconds: edge(u(11), 60, 86_400) as Seconds,
        insolventSeconds: 3_600 as Seconds,
      },
    }
  })
}

const onChain = ({ terms, ...rest }: Case) => ({
  ...rest,
  elapsed: BigInt(rest.elapsed),
  terms: {
    feeBps: terms.feeBps,
    feeCapBps: terms.maintenanceShareBps,
    liquidatorShareBps: terms.liquidatorShareBps,
    bufferBps: terms.bufferBps,
    duration: terms.solventSeconds,
    bankruptDuration: terms.insolventSeconds,
  },
})

type Answer = {
  readonly share: bigint
  readonly cap: bigint
  readonly target: bigint
  readonly size: bigint
  readonly charge: bigint
}

function answerOf({ equity, maintenance, deltaNotional, elapsed, dust, fraction, released, taken, terms }: Case): Answer {
  const account = { equity, maintenance }
  const share = dutchShare(elapsed as Seconds, terms.solventSeconds)
  const { cap } = feeCap(account, deltaNotional, terms)
  const size = partialSize(account, (cap * share) / WAD, terms.bufferBps, dust)
  return {
    share,
    cap,
    target: restorationTarget(maintenance, terms.bufferBps),
    size: size.kind === 'none' ? 0n : size.kind === 'whole' ? WAD : size.fraction,
    charge: sliceCharge(account, deltaNotional, { fraction, maintenance: released, deltaNotional: taken }, terms, share),
  }
}

describe('SliceMath.sol, Waterfall.sol and PayoutWindow.sol', () => {
  let local: LocalChain
  let read: <T>(functionName: string, args: readonly unknown[]) => Promise<T>
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: 1_600_000_000, privateKeys: [KEY] })
    const probe = compileSolidity('test/contracts/support/SliceProbe.sol')['SliceProbe']!
    const hash = await local.wallet(privateKeyToAccount(KEY)).sendTransaction({ data: encodeDeployData({ ...probe, args: [] }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    read = async <T>(functionName: string, args: readonly unknown[]) =>
      (await local.client.readContract({ address: contractAddress!, abi: probe.abi, functionName, args })) as T
  }, 120_000)
  afterAll(() => local.close())

  it('size and charge slices as risk/liquidation does, to the wei', async () => {
    const cases = randomCases(31)
    for (let from = 0; from < COUNT; from += 100) {
      const batch = cases.slice(from, from + 100)
      const answers = await read<readonly Answer[]>('slices', [batch.map(onChain)])
      expect(answers).toEqual(batch.map(answerOf))
    }
    const kinds = new Set(cases.map((c) => (answerOf(c).size === 0n ? 'none' : answerOf(c).size === WAD ? 'whole' : 'partial')))
    expect(kinds.size).toBe(3)
  })

  // 1,000 of maintenance at the cap of 400: the least equity above the charge that a slice of less than all restores is 803 wei, since the size is rounded up.
  it('take all of an account whose equity is hardly more than the charge', async () => {
    const terms: LiquidationTerms = {
      feeBps: 2_000 as Bps,
      maintenanceShareBps: 4_000 as Bps,
      liquidatorShareBps: 7_000 as Bps,
      bufferBps: 2_000 as Bps,
      solventSeconds: 60 as Seconds,
      insolventSeconds: 3_600 as Seconds,
    }
    const cases = [1n, 3n, 802n, 803n].map(
      (more): Case => ({
        equity: 400n * WAD + more,
        maintenance: 1_000n * WAD,
        deltaNotional: 100_000n * WAD,
        elapsed: 60,
        dust: 0n,
        fraction: WAD,
        released: 1_000n * WAD,
        taken: 100_000n * WAD,
        terms,
      }),
    )
    const answers = await read<readonly Answer[]>('slices', [cases.map(onChain)])
    expect(answers.map(({ cap }) => cap)).toEqual(cases.map(() => 400n * WAD))
    expect(answers.map(({ size }) => size)).toEqual([WAD, WAD, WAD, WAD - 1n])
    expect(answers).toEqual(cases.map(answerOf))
  })

  it('never lower equity over maintenance of what remains, never charge beyond the three bounds of A14', () => {
    for (const c of randomCases(32)) {
      const { charge } = answerOf(c)
      expect((c.equity - charge) * c.maintenance).toBeGreaterThanOrEqual(c.equity * (c.maintenance - c.released))
      expect(charge * 10_000n).toBeLessThanOrEqual(c.released * BigInt(c.terms.maintenanceShareBps))
      expect(charge * 10_000n).toBeLessThanOrEqual(c.taken * BigInt(c.terms.feeBps))
      expect(charge).toBeLessThanOrEqual(c.equity)
    }
  })

  it('take the same share of every quantity, toward zero', async () => {
    const quantities = [0n, 1n, -1n, 7n, -7n, 2n ** 39n - 1n, -(2n ** 39n - 1n)]
    for (const fraction of [1n, WAD / 7n, WAD / 2n, WAD - 1n, WAD])
      expect(await read('quantities', [quantities, fraction])).toEqual(sliceQuantities(quantities, fraction))
  })

  it('divide a deficit as risk/insurance does', async () => {
    const draws = uniforms(33, 2 * 200)
    const cases = Array.from({ length: 200 }, (_, i) =>
      [0, 1].map((place) => {
        const draw = draws[2 * i + place] ?? 0
        return draw < 0.2 ? 0n : shareOf(10n ** 15n, draw)
      }),
    )
    const parts = await read<readonly (readonly bigint[])[]>('losses', [cases])
    parts.forEach((part, i) => {
      const [deficit = 0n, fund = 0n] = cases[i] ?? []
      const layers: LossLayers = {
        junior: 0n,
        fund,
        profit: { ...emptyIndex, total: deficit },
        principal: emptyIndex,
      }
      expect(part).toEqual(
        waterfall(deficit, layers)
          .steps.slice(1, 3)
          .map(({ paid }) => paid),
      )
    })
  })

  it('allow payouts as risk/insurance does', async () => {
    const draws = uniforms(34, 3 * 100)
    const cases = Array.from({ length: 100 }, (_, i) => {
      const u = (place: number): number => draws[3 * i + place] ?? 0
      return [shareOf(10n ** 15n, u(0)), i % 5 === 0 ? 0n : shareOf(10n ** 15n, u(1)), BigInt(Math.round(u(2) * 10_000))] as const
    })
    expect(await read('allowances', [cases])).toEqual(
      cases.map(([balance, paid, rate]) => payoutAllowance(balance, paid, Number(rate) as Bps)),
    )
  })
})

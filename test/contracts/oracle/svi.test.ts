import { encodeDeployData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { durrleman } from '../../../risk/surface/durrleman.ts'
import { checkButterfly, checkCalendar, type RawSvi } from '../../../risk/surface/index.ts'
import { totalVariance } from '../../../risk/surface/totalVariance.ts'
import { compileSolidity } from '../../../tools/compileSolidity.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'

const KEY = `0x${'b2'.repeat(32)}` as const
const YEAR = 365 * 86_400
const COUNT = 200
const BATCH = 25

/** The decimal that the chain holds: sixteen digits after the point at most, read back as the same double on both sides. */
const wad = (value: number): bigint => BigInt(Math.round(value * 1e12)) * 1_000_000n
const toNumber = (value: bigint): number => Number(value) / 1e18
const round = (value: number): number => toNumber(wad(value))
const onChain = ({ a, b, rho, m, sigma }: RawSvi) => ({ a: wad(a), b: wad(b), rho: wad(rho), m: wad(m), sigma: wad(sigma) })

type Case = { readonly svi: RawSvi; readonly k: number; readonly seconds: number }

/** Smiles from an hour to three years, vol 10 % to 300 %, from flat to beyond what is free of arbitrage; strikes within six standard deviations. */
function randomCases(seed: number): Case[] {
  const draws = uniforms(seed, COUNT * 8)
  return Array.from({ length: COUNT }, (_, i) => {
    const [t, v, share, skew, middle, width, strike] = draws.slice(8 * i, 8 * i + 7) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    const seconds = Math.round(3_600 * ((3 * YEAR) / 3_600) ** t)
    const vol = 0.1 * 30 ** v
    const w = (vol * vol * seconds) / YEAR
    const deviation = Math.sqrt(w)
    const rho = round(1.8 * skew - 0.9)
    const sigma = round(deviation * 0.2 * 20 ** width)
    const m = round(deviation * (middle - 0.5))
    const b = round((0.98 * share * w) / (rho * -m + Math.sqrt(m * m + sigma * sigma)))
    const a = round(w - b * (rho * -m + Math.sqrt(m * m + sigma * sigma)))
    return { svi: { a, b, rho, m, sigma }, k: round(deviation * (12 * strike - 6)), seconds }
  })
}

describe('Svi.sol and LogRatio.sol', () => {
  let local: LocalChain
  let read: <T>(functionName: string, args: readonly unknown[]) => Promise<T>
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: 1_600_000_000, privateKeys: [KEY] })
    const probe = compileSolidity('test/contracts/support/SviProbe.sol')['SviProbe']!
    const hash = await local.wallet(privateKeyToAccount(KEY)).sendTransaction({ data: encodeDeployData({ ...probe, args: [] }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    read = async <T>(functionName: string, args: readonly unknown[]) =>
      (await local.client.readContract({ address: contractAddress!, abi: probe.abi, functionName, args })) as T
  }, 120_000)
  afterAll(() => local.close())

  it('takes logarithms within 3e-16, from a thousandth to a thousand and beyond', async () => {
    const draws = uniforms(11, 400)
    const ratios = Array.from({ length: 200 }, (_, i) => ({
      numerator: BigInt(Math.round(1e15 * 10 ** (12 * (draws[2 * i] ?? 0) - 6))),
      denominator: i % 4 === 0 ? 10n ** 15n : BigInt(Math.round(1e15 * (0.9 + 0.2 * (draws[2 * i + 1] ?? 0)))),
    }))
    const logs = await read<readonly bigint[]>('logRatios', [
      ratios.map(({ numerator }) => numerator),
      ratios.map(({ denominator }) => denominator),
    ])
    let worst = 0
    ratios.forEach(({ numerator, denominator }, i) => {
      const ratio = Number(numerator) / Number(denominator)
      // Near one the difference is exact and the ratio is not.
      const near = ratio > 0.5 && ratio < 2
      const expected = near ? Math.log1p(Number(numerator - denominator) / Number(denominator)) : Math.log(ratio)
      worst = Math.max(worst, Math.abs(toNumber(logs[i] ?? 0n) - expected) / Math.max(1, Math.abs(expected)))
    })
    expect(worst).toBeLessThan(3e-16)
  })

  it('gives the vol of risk/surface within 1e-12 from an hour on, and the density within 1e-9', async () => {
    let worstVol = 0
    let worstDensity = 0
    let compared = 0
    for (let batch = 0; batch < (deep ? 20 : 2); batch++) {
      const cases = randomCases(500 + batch)
      const [faults, variances, densities] = await read<readonly [bigint[], bigint[], bigint[]]>('evaluate', [
        cases.map(({ svi }) => onChain(svi)),
        cases.map(({ k }) => wad(k)),
      ])
      cases.forEach(({ svi, k, seconds }, i) => {
        if (faults[i] !== 0n) return
        compared += 1
        const vol = Math.sqrt(totalVariance(svi, k) / (seconds / YEAR))
        const got = Math.sqrt(toNumber(variances[i] ?? 0n) / (seconds / YEAR))
        const density = durrleman(svi, k)
        worstVol = Math.max(worstVol, Math.abs(got - vol))
        worstDensity = Math.max(worstDensity, Math.abs(toNumber(densities[i] ?? 0n) - density) / Math.max(1, Math.abs(density)))
      })
    }
    if (deep) console.info({ compared, worstVol, worstDensity })
    expect(compared).toBeGreaterThan(COUNT)
    expect(worstVol).toBeLessThan(1e-12)
    expect(worstDensity).toBeLessThan(1e-9)
  })

  it('refuses nothing that risk/surface accepts, and accepts nothing with a density below -0.02', async () => {
    const cases = randomCases(900).filter(({ svi: { b, rho } }) => b * (1 + Math.abs(rho)) <= 1.9 && b > 0)
    const slices = cases.map(({ svi }) => svi).filter((svi) => svi.a + svi.b * svi.sigma * Math.sqrt(1 - svi.rho * svi.rho) > 1e-9)
    const butterflies: boolean[] = []
    const calendars: boolean[] = []
    const gas: number[] = []
    // One slice more each time, so that no pair is left out; a call has the gas of a block.
    for (let from = 0; from < slices.length; from += BATCH) {
      const part = slices.slice(from, from + BATCH + 1)
      if (part.length < 2) break
      const [free, uncrossed, used] = await read<readonly [boolean[], boolean[], bigint[]]>('check', [part.map(onChain)])
      butterflies.push(...free.slice(0, BATCH))
      calendars.push(...uncrossed)
      gas.push(...used.map(Number))
    }
    let free = 0
    let missed = 0
    let crossings = 0
    let worst = 0
    slices.slice(0, butterflies.length).forEach((svi, i) => {
      const check = checkButterfly(svi)
      if (check.free) {
        free += 1
        expect(butterflies[i], `slice ${i} is free`).toBe(true)
      } else if (butterflies[i] === true) {
        missed += 1
        worst = Math.min(worst, check.least.g)
      }
      const next = slices[i + 1]
      if (next === undefined || calendars[i] === undefined) return
      const calendar = checkCalendar(svi, next)
      if (calendar.free) expect(calendars[i], `pair ${i} does not cross`).toBe(true)
      else crossings += 1
      if (calendars[i] === true) expect(calendar.greatest.ratio, `pair ${i} crosses`).toBeLessThan(1.02)
    })
    if (deep) console.info({ slices: slices.length, free, missed, worst, crossings, gas: Math.max(...gas) })
    expect(free).toBeGreaterThan(20)
    expect(slices.length - free).toBeGreaterThan(20)
    expect(crossings).toBeGreaterThan(20)
    expect(worst).toBeGreaterThan(-0.02)
  })
})

import { encodeDeployData, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalChain, startLocalChain } from '../../../chain/local/index.ts'
import { black76Price } from '../../../risk/pricing/index.ts'
import { compileSolidity } from '../../../tools/compileSolidity.ts'
import { deep } from '../../risk/support/propertyRuns.ts'
import { uniforms } from '../../risk/support/uniforms.ts'

const KEY = `0x${'b1'.repeat(32)}` as const
const MINUTE = 60
const THREE_YEARS = 3 * 365 * 86_400
const YEAR = 365 * 86_400

type Point = { readonly isCall: boolean; readonly forward: bigint; readonly strike: bigint; readonly vol: bigint; readonly time: bigint }
type Evaluation = readonly [values: readonly bigint[], deviations: readonly bigint[], gas: readonly bigint[]]

const wad = (value: number): bigint => parseEther(value.toFixed(12))
const toNumber = (value: bigint): number => Number(value) / 1e18

/** Points over the range the contracts price in: strike 1/10 to 10 times the forward, a minute to three years, vol 5 % to 400 %. */
function randomPoints(seed: number, count: number): Point[] {
  const draws = uniforms(seed, count * 5)
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c, d, e] = draws.slice(5 * i, 5 * i + 5) as [number, number, number, number, number]
    const forward = wad(10 ** (5 * a))
    const near = i % 4 === 0 ? 1e-3 : 1
    return {
      isCall: e > 0.5,
      forward,
      strike: (forward * wad(10 ** ((2 * b - 1) * near))) / 10n ** 18n,
      vol: wad(0.05 + 3.95 * c),
      time: BigInt(Math.round(MINUTE * (THREE_YEARS / MINUTE) ** d)),
    }
  })
}

describe('Black76.sol', () => {
  let local: LocalChain
  let evaluate: (points: readonly Point[]) => Promise<Evaluation>
  beforeAll(async () => {
    local = await startLocalChain({ initialTime: 1_600_000_000, privateKeys: [KEY] })
    const probe = compileSolidity('test/contracts/support/Black76Probe.sol')['Black76Probe']!
    const hash = await local.wallet(privateKeyToAccount(KEY)).sendTransaction({ data: encodeDeployData({ ...probe, args: [] }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    evaluate = async (points) =>
      (await local.client.readContract({
        address: contractAddress!,
        abi: probe.abi,
        functionName: 'evaluate',
        args: [points],
      })) as Evaluation
  }, 120_000)
  afterAll(() => local.close())

  it('is within 1e-12 of the smaller price of risk/, over the whole range', async () => {
    let worst = 0
    for (let batch = 0; batch < (deep ? 40 : 4); batch++) {
      const points = randomPoints(100 + batch, 250)
      const [values, deviations] = await evaluate(points)
      points.forEach(({ isCall, forward, strike, vol, time }, i) => {
        const [f, k] = [toNumber(forward), toNumber(strike)]
        const exact = toNumber(vol) * Math.sqrt(Number(time) / YEAR)
        const deviation = toNumber(deviations[i]!)
        expect(Math.abs(deviation - exact)).toBeLessThan(1e-14 * exact + 2e-18)
        const expected = black76Price({ type: isCall ? 'call' : 'put', forward: f, strike: k, timeToExpiry: 1, vol: deviation, rate: 0 })
        // A double holds the value of a contract to 1.2e-16 of itself, which is up to ten times the smaller price.
        worst = Math.max(worst, Math.abs(toNumber(values[i]!) - expected) / Math.min(f, k))
      })
    }
    expect(worst).toBeLessThan(1e-12)
  })

  it('knows the published figure: Haug, forward and strike 19, nine months, 28 %', async () => {
    const [[value]] = await evaluate([{ isCall: true, forward: wad(19), strike: wad(19), vol: wad(0.28), time: BigInt(0.75 * YEAR) }])
    // The page's value carries a rate of 10 %; undiscounted it is 1.70105072523627 e^0.075.
    expect(Math.abs(toNumber(value!) - 1.70105072523627 * Math.exp(0.075))).toBeLessThan(19e-12)
  })
})

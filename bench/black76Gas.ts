import { max, median } from 'simple-statistics'
import { encodeDeployData, type LocalAccount, parseEther } from 'viem'
import type { LocalChain } from '../chain/local/index.ts'
import { compileSolidity } from '../tools/compileSolidity.ts'
import type { BenchRow } from './BenchRow.ts'

const REFERENCE = 'limit 2,600; public engines 6,680, and 2,552 over a narrow range'
const moneyness = [0.1, 0.3, 0.7, 0.9, 0.98, 1, 1.03, 1.2, 2, 5, 10]
const vols = [0.1, 0.5, 0.9, 2, 4]
const times = [60, 3_600, 86_400, 7 * 86_400, 90 * 86_400, 365 * 86_400, 3 * 365 * 86_400]

/** Gas of one value on chain from forward, strike, vol and seconds to expiry, metered around the library: no call, no memory of the caller. */
export async function benchBlack76(local: LocalChain, deployer: LocalAccount): Promise<BenchRow[]> {
  const probe = compileSolidity('test/contracts/support/Black76Probe.sol')['Black76Probe']
  if (probe === undefined) throw new Error('Black76Probe was not compiled')
  const hash = await local.wallet(deployer).sendTransaction({ data: encodeDeployData({ ...probe, args: [] }) })
  const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('Black76Probe was not deployed')
  const points = moneyness.flatMap((ratio) =>
    vols.flatMap((vol) =>
      times.map((time) => ({
        isCall: true,
        forward: parseEther('1000'),
        strike: parseEther(String(1000 * ratio)),
        vol: parseEther(String(vol)),
        time: BigInt(time),
      })),
    ),
  )
  const [, , gas] = (await local.client.readContract({
    address: contractAddress,
    abi: probe.abi,
    functionName: 'evaluate',
    args: [points],
  })) as readonly [readonly bigint[], readonly bigint[], readonly bigint[]]
  const figures = gas.map(Number)
  const row = (name: string, value: number): BenchRow => ({ name, value, unit: 'gas', reference: REFERENCE, ratio: value / 2_600 })
  return [
    row(`Black-76 value on chain, worst of ${figures.length} points`, max(figures)),
    row('Black-76 value on chain, median', median(figures)),
  ]
}

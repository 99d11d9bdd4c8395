import { type Abi, encodeDeployData, encodeFunctionData, type LocalAccount } from 'viem'
import { DeploymentFailedError, readArtifact } from '../../chain/deploy/index.ts'
import { recordedPriceAbi } from '../../chain/generated/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import type { Address, Hex, Usd } from '../../risk/types/index.ts'
import type { LocalSend } from './createLocalSend.ts'

/** What a local chain has instead of tokens and price sources of the world. */
export type LocalMarkets = {
  /** Cash, 18 decimals; the desk holds the supply. */
  readonly cashToken: Address
  /** Two sources of each market, ascending, both the desk's. */
  readonly sources: ReadonlyMap<string, readonly Address[]>
}

export type LocalMarketsOptions = {
  readonly local: LocalChain
  /** Holds the cash and writes prices. */
  readonly desk: LocalAccount
  readonly artifacts: string
  readonly markets: readonly string[]
}

/** Cash tokens of the chain. */
const SUPPLY = 10n ** 30n

/**
 * Deploys a cash token and two price sources a market.
 *
 * @throws {DeploymentFailedError} A contract has no address.
 */
export async function deployLocalMarkets({ local, desk, artifacts, markets }: LocalMarketsOptions): Promise<LocalMarkets> {
  const deploy = async (name: string, args: readonly unknown[]): Promise<Address> => {
    const { abi, bytecode } = readArtifact(artifacts, name)
    const data = encodeDeployData({ abi: abi as Abi, bytecode: bytecode as Hex, args })
    const hash = await local.wallet(desk).sendTransaction({ data })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    if (contractAddress == null) throw new DeploymentFailedError({ detail: `${name} has no address` })
    return contractAddress
  }
  const cashToken = await deploy('BallastToken', [[{ account: desk.address, amount: SUPPLY }]])
  const sources = new Map<string, readonly Address[]>()
  for (const market of markets) {
    const both = [await deploy('RecordedPrice', [desk.address]), await deploy('RecordedPrice', [desk.address])]
    sources.set(
      market,
      both.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
    )
  }
  return { cashToken, sources }
}

/** Writes a price to sources, as of the next block. */
export async function writeAnswers(send: LocalSend, desk: LocalAccount, sources: readonly Address[], spot: Usd): Promise<void> {
  const data = encodeFunctionData({ abi: recordedPriceAbi, functionName: 'write', args: [BigInt(Math.round(spot * 1e8))] })
  for (const to of sources) await send(desk, { to, data })
}

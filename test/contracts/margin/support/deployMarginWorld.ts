import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abi, concat, encodeDeployData, encodeFunctionData, type Hex, type LocalAccount, numberToHex, toHex } from 'viem'
import type { LocalChain } from '../../../../chain/local/index.ts'
import { sendCall } from '../../../../chain/write/index.ts'
import type { MarketQuery, MarketRule } from '../../../../risk/margin/contract/index.ts'
import type { Address } from '../../../../risk/types/index.ts'
import { type Compiled, compileSolidity } from '../../../../tools/compileSolidity.ts'

const root = join(import.meta.dirname, '../../../..')

/** Margin on a chain of this process; all that it reads is set by the test. */
export type MarginWorld = {
  readonly world: Address
  readonly marketMargin: Address
  readonly margin: Address
  /** In the order of their kinds. */
  readonly payoffs: readonly [Address, Address]
  readonly set: (functionName: string, args: readonly unknown[]) => Promise<void>
  readonly marketMarginAbi: Abi
  readonly marginAbi: Abi
}

export async function deployMarginWorld(local: LocalChain, signer: LocalAccount): Promise<MarginWorld> {
  const deploy = async ({ abi, bytecode }: Compiled, args: readonly unknown[]): Promise<Address> => {
    const hash = await local.wallet(signer).sendTransaction({ data: encodeDeployData({ abi, bytecode, args }) })
    const { contractAddress } = await local.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('a contract was not deployed')
    return contractAddress
  }
  const parts = compileSolidity('test/contracts/support/MarginWorld.sol')['MarginWorld']!
  const world = await deploy(parts, [])
  const [valuer, rule] = [artifact('margin/MarketMargin'), artifact('margin/Margin')]
  const marketMargin = await deploy(valuer, [world, world])
  const margin = await deploy(rule, [world, world, marketMargin, world, world])
  return {
    world,
    marketMargin,
    margin,
    payoffs: [await deploy(artifact('payoffs/VanillaPayoff'), []), await deploy(artifact('payoffs/DigitalPayoff'), [])],
    set: async (functionName, args) => {
      await sendCall(local.client, local.wallet(signer), {
        to: world,
        data: encodeFunctionData({ abi: parts.abi, functionName, args }),
      })
    },
    marketMarginAbi: valuer.abi,
    marginAbi: rule.abi,
  }
}

/** A scope as the contracts write it: kind in the first byte, then its name. */
export function scopeOf(kind: 2 | 3 | 4, name: string): Hex {
  return concat([numberToHex(kind, { size: 1 }), toHex(name, { size: 31 }).slice(0, 64) as Hex])
}

/** Words of a blob as bytes. */
export function blobOf(words: readonly bigint[]): Hex {
  return concat(words.map((word) => numberToHex(word, { size: 32 })))
}

/** Positions as the ledger packs them: five a word, ascending by leg. */
export function pagesOf(chains: readonly Pick<MarketQuery['chains'][number], 'legs'>[]): bigint[] {
  return chains.flatMap(({ legs }) => {
    const sorted = [...legs].sort((a, b) => a.leg - b.leg)
    return Array.from({ length: Math.ceil(sorted.length / 5) }, (_, word) =>
      sorted
        .slice(5 * word, 5 * word + 5)
        .reduce((packed, { leg, lots }, i) => packed | ((BigInt(leg) | (BigInt.asUintN(40, lots) << 8n)) << BigInt(48 * i)), 0n),
    )
  })
}

/** A rule as the contract takes it; its last field is read by the caller alone. */
export function ruleArgument(rule: MarketRule): MarketRule & { readonly maxAge: bigint } {
  return { ...rule, maxAge: 240n }
}

function artifact(name: string): Compiled {
  const file = join(root, `artifacts/contracts/${name}.sol/${name.split('/').at(-1)}.json`)
  const { abi, bytecode } = JSON.parse(readFileSync(file, 'utf8')) as Compiled
  return { abi, bytecode }
}

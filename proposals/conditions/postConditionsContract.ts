import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getContractAddress, type PublicClient, zeroHash } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { sendCall, type Wallet } from '../../chain/write/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'

/** The factory that stands at this address on nearly every chain: it deploys by CREATE2 what follows a salt. */
export const CREATE2_FACTORY: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const FACTORY_SENDER: Address = '0x3fAB184622Dc19b6109349B94811493BF2a45362'
/** The factory's own deployment, signed before any chain existed: it has one sender and one address everywhere. */
const FACTORY_TRANSACTION: Hex =
  '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222'
/** What that transaction may burn: 100,000 gas at 100 gwei. */
const FACTORY_WEI = 10_000_000_000_000_000n

/** The contract of post-conditions: its creation code, its code, and where it stands on every chain. */
export type PostConditionsContract = { readonly address: Address; readonly creationCode: Hex; readonly code: Hex }

/**
 * @param artifacts - Folder of the compiler's artifacts.
 * @throws {InvalidInputError} It is not compiled.
 */
export function readPostConditions(artifacts: string): PostConditionsContract {
  const file = join(artifacts, 'contracts/governance/PostConditions.sol/PostConditions.json')
  if (!existsSync(file)) throw new InvalidInputError({ argument: 'artifacts', got: artifacts, limit: 'compiled: npx hardhat build' })
  const { bytecode, deployedBytecode } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly bytecode: Hex
    readonly deployedBytecode: Hex
  }
  const address = getContractAddress({ opcode: 'CREATE2', from: CREATE2_FACTORY, salt: zeroHash, bytecode })
  return { address, creationCode: bytecode, code: deployedBytecode }
}

/** Whether the contract stands where it must, with the code it must have. */
export async function hasPostConditions(client: PublicClient, { address, code }: PostConditionsContract, block?: bigint): Promise<boolean> {
  const at = block === undefined ? {} : { blockNumber: block }
  return (await withChainErrors(() => client.getCode({ address, ...at }))) === code
}

/**
 * Deploys the contract where it is missing, and before it the factory where a chain has none. Both have no owner and no setting: whoever deploys them, they
 * are the same.
 *
 * @returns Whether anything was sent.
 */
export async function deployPostConditions(client: PublicClient, wallet: Wallet, contract: PostConditionsContract): Promise<boolean> {
  if (await hasPostConditions(client, contract)) return false
  if ((await withChainErrors(() => client.getCode({ address: CREATE2_FACTORY }))) === undefined) {
    await withChainErrors(async () => {
      const paid = await wallet.sendTransaction({ to: FACTORY_SENDER, value: FACTORY_WEI })
      await client.waitForTransactionReceipt({ hash: paid })
      await client.waitForTransactionReceipt({ hash: await client.sendRawTransaction({ serializedTransaction: FACTORY_TRANSACTION }) })
    })
  }
  await sendCall(client, wallet, { to: CREATE2_FACTORY, data: `${zeroHash}${contract.creationCode.slice(2)}` })
  return true
}

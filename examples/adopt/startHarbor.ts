import { join } from 'node:path'
import { encodeDeployData, encodeFunctionData, type Hex, parseEther, zeroAddress } from 'viem'
import { readArtifact } from '../../chain/deploy/artifacts.ts'
import { type LocalChain, startLocalChain } from '../../chain/local/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import { compileSolidity } from '../../tools/compileSolidity.ts'
import {
  borrowers,
  chainId,
  council,
  engines,
  firstTick,
  guardian,
  lending,
  type Person,
  port,
  steward,
  timelock,
  timelockDelay,
} from './people.ts'

const root = join(import.meta.dirname, '..', '..')
const day = 86_400
const dollar = 10n ** 18n
/** Dollars against 100 ether at 200 dollars each: usages of 81 %, 60 % and 45 %. */
const debts = [16_200n, 12_000n, 9_000n] as const

/** A local chain on which Harbor has been running for a while: its Timelock, its lending contract, three loans. */
export async function startHarbor(): Promise<LocalChain> {
  const people = [council, guardian, steward, ...engines, ...borrowers]
  const local = await startLocalChain({
    initialTime: firstTick - 5 * day,
    chainId,
    port,
    privateKeys: people.map(({ key }) => key),
  })
  const { HarborLending } = compileSolidity('examples/adopt/HarborLending.sol')
  if (HarborLending === undefined) throw new Error('examples/adopt/HarborLending.sol holds no HarborLending.')
  const { abi, bytecode } = readArtifact(join(root, 'artifacts'), 'TimelockController')
  const { address } = council.account
  await create(
    local,
    encodeDeployData({ abi, bytecode: bytecode as Hex, args: [BigInt(timelockDelay), [address], [address], zeroAddress] }),
  )
  await create(local, encodeDeployData({ abi: HarborLending.abi, bytecode: HarborLending.bytecode, args: [timelock, 200n * dollar] }))
  for (const [i, borrower] of borrowers.entries()) {
    const call = (functionName: string, args: readonly unknown[]): Hex => encodeFunctionData({ abi: HarborLending.abi, functionName, args })
    await pay(local, borrower, parseEther('100'), call('deposit', []))
    await sendCall(local.client, local.wallet(borrower.account), { to: lending, data: call('borrow', [(debts[i] ?? 0n) * dollar]) })
  }
  return local
}

async function create(local: LocalChain, data: Hex): Promise<void> {
  const hash = await local.wallet(council.account).sendTransaction({ data })
  await local.client.waitForTransactionReceipt({ hash })
}

async function pay(local: LocalChain, { account }: Person, value: bigint, data: Hex): Promise<void> {
  const hash = await local.wallet(account).sendTransaction({ to: lending, data, value })
  await local.client.waitForTransactionReceipt({ hash })
}

import { type Account, type Chain, encodeFunctionData, type PublicClient, type Transport, type WalletClient, zeroHash } from 'viem'
import { timelockAbi } from '../../chain/generated/index.ts'
import { sendCall } from '../../chain/write/index.ts'
import type { Action } from '../../risk/types/index.ts'
import { timelock, timelockDelay } from './people.ts'

export type Council = {
  readonly client: PublicClient
  readonly wallet: WalletClient<Transport, Chain, Account>
  /** Lets the time of the local chain pass. */
  readonly wait: (seconds: number) => Promise<void>
}

/** Takes calls through Harbor's Timelock: scheduled as one batch, executed when the delay is over. */
export async function executeByCouncil({ client, wallet, wait }: Council, actions: readonly Action[]): Promise<void> {
  const batch = [
    actions.map(({ target }) => target),
    actions.map(({ value }) => value),
    actions.map(({ data }) => data),
    zeroHash,
    zeroHash,
  ] as const
  const schedule = encodeFunctionData({ abi: timelockAbi, functionName: 'scheduleBatch', args: [...batch, BigInt(timelockDelay)] })
  await sendCall(client, wallet, { to: timelock, data: schedule })
  await wait(timelockDelay)
  await sendCall(client, wallet, {
    to: timelock,
    data: encodeFunctionData({ abi: timelockAbi, functionName: 'executeBatch', args: batch }),
  })
}

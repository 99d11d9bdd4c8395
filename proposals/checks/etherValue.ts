import { formatEther } from 'viem'
import { flattenCalls } from '../decode/index.ts'
import type { Check } from './Check.ts'

/** Ether leaves the treasury only where the draft says so, and no more than is there. */
export const etherValue: Check = {
  name: 'ether-value',
  title: 'Ether moves only as stated, and is there.',
  check: ({ calls, state, deployment, draft, simulation }) => {
    const paying = calls.flatMap(flattenCalls).filter(({ value }) => value > 0n)
    const total = calls.reduce((sum, { value }) => sum + value, 0n)
    const held = state.balances.find(({ account, asset }) => account === deployment.contracts.timelock && asset === 'ETH')?.amount ?? 0n
    const moved = simulation.touched.filter(({ etherChange }) => etherChange !== 0n)
    return {
      info: moved.map(({ address, etherChange }) => `Ether of ${address} changes by ${formatEther(etherChange)} ETH.`),
      warnings: draft === null ? paying.map(({ target, value }) => `${formatEther(value)} ETH go to ${target}.`) : [],
      errors: [
        ...(total > held ? [`The calls need ${formatEther(total)} ETH; the timelock holds ${formatEther(held)} ETH.`] : []),
        ...moved
          .filter(({ address, etherChange }) => etherChange < 0n && address !== deployment.contracts.timelock)
          .map(({ address, etherChange }) => `${address} loses ${formatEther(-etherChange)} ETH, which no call of the proposal says.`),
        ...(paying.length === 0
          ? moved.filter(({ etherChange }) => etherChange > 0n).map(({ address }) => `${address} receives ether that no call carries.`)
          : []),
      ],
    }
  },
}

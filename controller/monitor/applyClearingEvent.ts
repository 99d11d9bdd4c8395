import type { ClearingEvent } from '../../chain/clearing/index.ts'
import type { MonitorWrites } from './MonitorStore.ts'

/** Does to the state what an event says. Unknown accounts are opened by their first event, so every other one finds its account. */
export function applyClearingEvent(write: MonitorWrites, event: ClearingEvent, block: bigint): void {
  switch (event.kind) {
    case 'opened':
      write.open(event.account, event.group)
      break
    case 'cash':
      write.cash(event.account, event.principal, event.profit, event.debt)
      break
    case 'position':
      write.position(event.account, event.instrument, event.lots)
      break
    case 'collateral':
      write.collateral(event.account, event.asset, event.amount)
      break
    case 'tornUp':
      write.outdateHolders(event.instrument, event.lots > 0n ? 'short' : 'long')
      break
    case 'struck':
      write.strike(event.instrument)
      break
    case 'writtenOff':
      if (event.fromProfit > 0n || event.fromPrincipal > 0n) write.outdateGroupOf(event.account)
      break
    case 'flagged':
      write.flag(event.account, block, event.keeper)
      break
    case 'backstop':
      write.flag(event.account, block, 0n)
      break
    case 'bankrupt':
      write.bankrupt(event.account)
      break
    case 'sold':
      write.sold(event.account)
      break
    case 'ended':
      write.ended(event.account)
      break
    case 'halted':
    case 'resumed':
      break
  }
}

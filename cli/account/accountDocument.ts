import { decodeInstrumentId, formatAccountId } from '../../chain/clearing/index.ts'
import type { Document } from '../kit/json.ts'
import type { AccountState, Owed } from './readStates.ts'

/** One account in JSON: USD with 18 decimals and cash units as decimal strings, exact. */
export function accountDocument({ held, assessment, auction, distance, owed }: AccountState): Document {
  const { equity, maintenance, initial, free, footing, delta, gamma, vega, notional, binding } = assessment
  return {
    account: formatAccountId(held.account),
    cash: { principal: held.principal, profit: held.profit, debt: held.debt },
    outdated: held.outdated,
    equity,
    maintenance,
    initial,
    free,
    footing,
    delta,
    gamma,
    vega,
    notional,
    binding,
    distance: { ...distance },
    auction: auction === null ? null : { block: auction.block, bankrupt: auction.bankrupt, slices: auction.slices },
    owed: owed === null ? null : owedDocument(owed),
    positions: [...held.positions].map(([instrument, lots]) => {
      const { chain, leg } = decodeInstrumentId(instrument)
      return { instrument, chain, leg: { ...leg }, lots }
    }),
    collateral: [...held.collateral].map(([place, amount]) => ({ place, amount })),
  }
}

function owedDocument({ sale: { debt, limit, call, collateral } }: Owed): Document {
  return {
    debt,
    limit,
    call: call === null ? null : { ...call },
    onSale: collateral.flatMap(({ token, offer }) => (offer === null ? [] : [{ token, ...offer }])),
  }
}

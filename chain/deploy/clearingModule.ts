import { buildModule } from '@nomicfoundation/ignition-core'
import type { Deployment } from '../../risk/types/index.ts'

/** What of clearing is fixed for ever when it is deployed. */
export type ClearingSettings = {
  /** Wei that who posts a ladder without proof must lodge, and that who strikes a false one out receives. */
  readonly ladderBond: bigint
  /** Relative move that the fund's cover table assumes, bps, both ways. */
  readonly stressMoveBps: number
}

/** A tenth of an ether; half of the price, both ways, as observed within a day. */
export const defaultClearingSettings: ClearingSettings = { ladderBond: 10n ** 17n, stressMoveBps: 5_000 }

/**
 * Oracles, chains, margin, clearing, liquidation and insurance on top of a deployed protocol, as an Ignition module. Every constructor names only what stands already; the two calls at the end fix
 * the ledger's address and its modules, once. Nobody holds a role afterwards: markets, feeds, groups, signers and the meter of the mandate come by a vote.
 */
export function buildClearingModule({ contracts }: Deployment, { ladderBond, stressMoveBps }: ClearingSettings) {
  return buildModule('Clearing', (m) => {
    const parameters = contracts.riskParameters
    const priceFeed = m.contract('PriceFeed', [parameters])
    const surfaceOracle = m.contract('SurfaceOracle', [parameters, contracts.controllerMandate, contracts.guardianTerm, priceFeed])
    const settlementOracle = m.contract('SettlementOracle', [parameters, priceFeed])

    const ladderJudge = m.contract('LadderJudge')
    // By kind: the order is the number.
    const payoffs = [m.contract('VanillaPayoff'), m.contract('DigitalPayoff')]
    const chains = m.contract('Chains', [parameters, priceFeed, surfaceOracle, settlementOracle, ladderJudge, payoffs, ladderBond])
    const collaterals = m.contract('Collaterals', [parameters])
    const marketMargin = m.contract('MarketMargin', [surfaceOracle, chains])
    const margin = m.contract('Margin', [parameters, priceFeed, marketMargin, chains, collaterals])

    const ledger = m.contract('Ledger', [parameters, collaterals, chains])
    const insuranceFund = m.contract('InsuranceFund', [parameters, chains, margin, ledger, stressMoveBps])
    const liquidation = m.contract('Liquidation', [parameters, priceFeed, chains, margin, ledger, insuranceFund])
    const deleveraging = m.contract('Deleveraging', [priceFeed, margin, ledger, liquidation])
    const vault = m.contract('Vault', [{ parameters, collaterals, ledger, margin, feed: priceFeed, liquidation }])
    const trading = m.contract('Trading', [
      { parameters, ledger, margin, chains, feed: priceFeed, liquidation, treasury: contracts.timelock },
    ])
    const settlement = m.contract('Settlement', [ledger, chains])

    m.call(chains, 'wire', [ledger], { id: 'wireChains' })
    m.call(ledger, 'wire', [{ vault, trading, settlement, liquidation, insuranceFund, deleveraging }], { id: 'wireLedger' })
    return {
      priceFeed,
      surfaceOracle,
      settlementOracle,
      chains,
      collaterals,
      margin,
      ledger,
      vault,
      trading,
      settlement,
      liquidation,
      insuranceFund,
      deleveraging,
    }
  })
}

import { type MarkedMarket, marginParametersOf, markBook } from '../../risk/decide/index.ts'
import { InvalidInputError } from '../../risk/errors/index.ts'
import { coverRequirement, stressExtremes, stressedShortfalls, stressSet, valueBook } from '../../risk/insurance/index.ts'
import { type AccountAssessment, assessBook, bookShortfall, type MarginParameters, portfolioRisk } from '../../risk/margin/index.ts'
import { readBars } from '../../risk/signals/index.ts'
import type { Book, ParamId } from '../../risk/types/index.ts'
import type { Cover, MarketRisk } from './RiskAssessment.ts'
import type { RiskEvidence } from './RiskEvidence.ts'

const SHORTFALL_MOVES = 504
const HORIZON_BARS = 24
const MOST_AFFECTED = 10

export type Values = ReadonlyMap<ParamId, number>

/**
 * Margin, shortfall and Cover-2 of every account under the values before and after, at the engine's last mark. Targets are compared: an effective value on its
 * ramp arrives there in the end.
 *
 * @param onPart - Told which part begins, for progress.
 */
export function assessMarket(
  evidence: RiskEvidence,
  values: { readonly before: Values; readonly after: Values },
  onPart: (part: string) => void = () => undefined,
): Omit<MarketRisk, 'replay' | 'replayMissing'> {
  const { snapshot, configuration } = evidence
  const { book, mark: market } = markedBook(evidence)
  const parameters = { before: marginParametersOf(values.before, configuration), after: marginParametersOf(values.after, configuration) }
  onPart('margin before')
  const before = assessBook(book, market, parameters.before)
  onPart('margin after')
  const after = assessBook(book, market, parameters.after)
  onPart('expected shortfall')
  const shortfall = bookShortfall(book, market, dailyMoves(evidence))
  const newly = after.accounts.filter(({ liquidatable }, i) => liquidatable && before.accounts[i]?.liquidatable === false)
  onPart('Cover-2')
  const hasStress = Object.hasOwn(stressExtremes, configuration.market)
  return {
    market: configuration.market,
    scope: configuration.scope,
    origin: evidence.origin,
    observedAt: snapshot.observedAt,
    synthetic: snapshot.provenance.synthetic,
    before: portfolioRisk(before, shortfall),
    after: portfolioRisk(after, shortfall),
    newly: { accounts: newly.length, notional: newly.reduce((sum, { notional }) => sum + notional, 0) },
    cover: hasStress
      ? {
          before: coverOf(evidence, before.accounts, parameters.before),
          after: coverOf(evidence, after.accounts, parameters.after),
        }
      : null,
    affected: mostAffected(before.accounts, after.accounts),
  }
}

/** The accounts in the engine's own underlying, at its mark: the posted surface where clearing is deployed. */
function markedBook({ snapshot, book }: RiskEvidence): MarkedMarket {
  const [own] = markBook(snapshot, book)
  if (own === undefined) throw new InvalidInputError({ argument: 'book', got: 'no market', limit: 'its own first' })
  return own
}

function coverOf(evidence: RiskEvidence, accounts: readonly AccountAssessment[], { liquidity }: MarginParameters): Cover {
  const { snapshot, configuration } = evidence
  const { book, mark: market } = markedBook(evidence)
  const seen = snapshot.liquidity.at(-1)
  // Gas is a chain's matter and small beside the rest; the depth is what the books showed, else what the DAO assumes.
  const costs = { spread: seen?.spread ?? 0, depthUsd: seen?.depthUsd ?? liquidity?.depth ?? 1_000_000, gasUsd: 0 }
  const cover = (chosen: Pick<Book, 'instruments' | 'portfolios'>): number =>
    coverRequirement(stressedShortfalls(valueBook(chosen, market), costs, stressSet(configuration.market))).coverTwo
  const portfolios = book.portfolios.map((portfolio, i) => ({
    ...portfolio,
    cash: portfolio.cash - Math.max(0, accounts[i]?.freeMargin ?? 0),
  }))
  return { asHeld: cover(book), drawnDown: cover({ instruments: book.instruments, portfolios }) }
}

function mostAffected(before: readonly AccountAssessment[], after: readonly AccountAssessment[]): MarketRisk['affected'] {
  return after
    .map((each, i) => {
      const live = before[i]
      return {
        account: each.account,
        equity: each.equity,
        maintenanceBefore: live?.maintenance ?? 0,
        maintenanceAfter: each.maintenance,
        newlyLiquidatable: each.liquidatable && live?.liquidatable === false,
      }
    })
    .filter(({ maintenanceBefore, maintenanceAfter }) => maintenanceBefore !== maintenanceAfter)
    .sort(
      (a, b) =>
        Number(b.newlyLiquidatable) - Number(a.newlyLiquidatable) ||
        Math.abs(b.maintenanceAfter - b.maintenanceBefore) - Math.abs(a.maintenanceAfter - a.maintenanceBefore) ||
        (a.account < b.account ? -1 : 1),
    )
    .slice(0, MOST_AFFECTED)
}

/** Relative moves of the close over 24 bars, the last three weeks of hourly starts. */
function dailyMoves({ state, documents }: RiskEvidence): Float64Array {
  const bars = state.series['bars']
  if (bars === undefined) return new Float64Array(0)
  const { count, close } = readBars(bars, SHORTFALL_MOVES + HORIZON_BARS, documents)
  return Float64Array.from({ length: Math.max(0, count - HORIZON_BARS) }, (_, i) => (close[i + HORIZON_BARS] ?? 0) / (close[i] ?? 1) - 1)
}

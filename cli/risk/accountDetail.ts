import { type MarginContributions, marginContributions } from '../../risk/margin/contribution/index.ts'
import type { AccountAssessment, Charges, MarginMarket } from '../../risk/margin/index.ts'
import { compareModes, type ModeComparison } from '../../risk/margin/modes/index.ts'
import { evaluateScenarioSet } from '../../risk/margin/venues/index.ts'
import {
  assessOrder,
  largestOrder,
  type Order,
  type OrderAssessment,
  type Release,
  releasedByClosing,
} from '../../risk/margin/whatIf/index.ts'
import type { Fraction, Usd } from '../../risk/types/index.ts'
import { formatTable } from '../kit/table.ts'
import { humanUsd } from '../kit/values.ts'
import type { MarginRequest } from './parseMarginRequest.ts'
import { scenarioSets } from './scenarioSets.ts'

const MOST_TIMES = 1_000_000

/** Everything there is to say of one account. */
export type AccountDetail = {
  readonly assessment: AccountAssessment
  readonly modes: ModeComparison
  /** The positions under the scenario sets of venues, beside the scan of this project. */
  readonly venues: readonly {
    readonly set: string
    readonly title: string
    readonly maintenance: Usd
    readonly initial: Usd
    readonly move: Fraction
    readonly vol: string
  }[]
  /** What closing each position alone would release. */
  readonly released: readonly (Omit<Release, 'instrument'> & { readonly instrument: string })[]
  readonly contributions: Omit<MarginContributions, 'assessment' | 'positions'> & {
    readonly positions: readonly { readonly instrument: string; readonly amount: Usd }[]
  }
  /** Null without an order; `largest` is how often it could be traded with free margin left, at most 1,000,000 times. */
  readonly order: (OrderAssessment & { readonly largest: number }) | null
}

/** @throws {InvalidInputError} The order is outside the domain of the account or of the margin rule. */
export function accountDetail(
  { instruments, portfolios, parameters }: MarginRequest,
  market: MarginMarket,
  assessment: AccountAssessment,
  order: Order | null,
): AccountDetail {
  const portfolio = portfolios.find(({ account }) => account === assessment.account)!
  const { assessment: _, positions, ...contributions } = marginContributions(portfolio, instruments, market, parameters)
  return {
    assessment,
    modes: compareModes(portfolio, instruments, market, parameters),
    released: releasedByClosing(portfolio, instruments, market, parameters).map(({ instrument, ...release }) => ({
      instrument: instruments[instrument]!.id,
      ...release,
    })),
    venues: scenarioSets(parameters).map((set) => {
      const { maintenance, initial, worst } = evaluateScenarioSet(set, portfolio.positions, instruments, market)
      return { set: set.name, title: set.title, maintenance, initial, move: worst.move, vol: worst.vol }
    }),
    contributions: {
      ...contributions,
      positions: positions.map(({ instrument, amount }) => ({ instrument: instruments[instrument]!.id, amount })),
    },
    order:
      order === null
        ? null
        : {
            ...assessOrder(portfolio, order, instruments, market, parameters),
            largest: largestOrder(portfolio, order, MOST_TIMES, instruments, market, parameters),
          },
  }
}

const percent = (fraction: number): string => `${fraction > 0 ? '+' : ''}${(100 * fraction).toFixed(1)} %`
const right = (title: string) => ({ title, align: 'right' as const })

/** The detail as tables. */
export function detailText(
  { assessment, modes, venues, contributions, released, order }: AccountDetail,
  dim: (text: string) => string,
): string {
  const { bindingCell, charges, maximumLoss, notional } = assessment
  const { parts, loss, weight } = bindingCell
  const charge = (title: string, pick: (each: Charges) => number): string[] => [
    title,
    humanUsd(pick(charges.maintenance)),
    humanUsd(pick(charges.initial)),
  ]
  const pair = (title: string, each: { readonly maintenance: Usd; readonly initial: Usd }): string[] => [
    title,
    humanUsd(each.maintenance),
    humanUsd(each.initial),
  ]
  const tables = [
    formatTable(
      [{ title: 'worst cell of the scan' }, right('loss')],
      [
        ['delta', humanUsd(parts.delta)],
        ['gamma', humanUsd(parts.gamma)],
        ['vega', humanUsd(parts.vega)],
        ['other', humanUsd(parts.other)],
        [`all, counted at ${(100 * weight).toFixed(0)} %`, humanUsd(loss)],
      ],
      dim,
    ),
    formatTable(
      [{ title: 'maintenance comes from' }, right(''), right('closing it releases'), right('of initial')],
      [
        ...contributions.positions.map(({ instrument, amount }, i) => [
          instrument,
          humanUsd(amount),
          humanUsd(released[i]!.maintenance),
          humanUsd(released[i]!.initial),
        ]),
        ['collateral', humanUsd(contributions.collateral)],
        ['short-option minimum', humanUsd(contributions.minimum)],
        ['charges', humanUsd(contributions.charges)],
        // Below a cent it is what rounding left.
        ['cap at the maximum loss', humanUsd(contributions.cap > -0.005 ? 0 : contributions.cap)],
      ],
      dim,
    ),
    formatTable(
      [{ title: 'charges' }, right('maintenance'), right('initial')],
      [
        charge('skew', ({ skew }) => skew),
        charge('term', ({ term }) => term),
        charge('basis', ({ basis }) => basis),
        charge('size, delta', ({ delta }) => delta),
        charge('size, gamma', ({ gamma }) => gamma),
        charge('size, vega', ({ vega }) => vega),
      ],
      dim,
    ),
    formatTable(
      [{ title: 'its positions need, margined' }, right('maintenance'), right('initial')],
      [pair('each alone', modes.isolated), pair('each, value shared', modes.cross), pair('as a portfolio', modes.portfolio)],
      dim,
    ),
    formatTable(
      [{ title: 'delta, gamma, vega margin' }, right('')],
      [
        ['delta', humanUsd(modes.sensitivities.delta)],
        ['gamma', humanUsd(modes.sensitivities.gamma)],
        ['vega', humanUsd(modes.sensitivities.vega)],
      ],
      dim,
    ),
    formatTable(
      [{ title: 'its positions under the scenarios of' }, right('maintenance'), right('initial'), right('worst at'), { title: 'vol' }],
      venues.map((venue) => [...pair(venue.title, venue), percent(venue.move), venue.vol]),
      dim,
    ),
    `Notional ${humanUsd(notional)}; most it can lose: ${maximumLoss === null ? 'without bound' : humanUsd(maximumLoss)}.`,
  ]
  return [...tables, ...(order === null ? [] : [orderText(order, dim)])].join('\n\n')
}

function orderText(
  { before, after, incremental, permitted, largest }: NonNullable<AccountDetail['order']>,
  dim: (text: string) => string,
): string {
  const row = (title: string, pick: (each: AccountAssessment) => Usd, change: Usd): string[] => [
    title,
    humanUsd(pick(before)),
    humanUsd(pick(after)),
    humanUsd(change),
  ]
  return [
    formatTable(
      [{ title: 'the order' }, right('before'), right('after'), right('change')],
      [
        row('maintenance', ({ maintenance }) => maintenance, incremental.maintenance),
        row('initial', ({ initial }) => initial, incremental.initial),
        row('free margin', ({ freeMargin }) => freeMargin, after.freeMargin - before.freeMargin),
      ],
      dim,
    ),
    permitted
      ? `The account may take it${largest === MOST_TIMES ? '' : `, ${largest} ${largest === 1 ? 'time' : 'times'} with free margin left`}.`
      : 'The account may not take it: free margin would be negative, and it does not reduce risk.',
  ].join('\n')
}

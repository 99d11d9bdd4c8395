import { InvalidInputError } from '../../errors/index.ts'
import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Fraction, Instrument, Portfolio, Usd } from '../../types/index.ts'
import { assertInstruments, assertMarginMarket, assertMarginParameters, assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio, inRankOrder } from '../assessPortfolio.ts'
import { netShort } from '../netShort.ts'
import { buildRiskArray } from '../riskArray.ts'
import { scanLosses } from '../scanLosses.ts'
import type { Pass } from '../scanPasses.ts'
import { stressPortfolio } from '../stressPortfolio.ts'
import type { AccountAssessment, MarginMarket, MarginParameters } from '../types.ts'
import { type BetaLane, betaLadder, type GroupScan } from './betaLadder.ts'

/** What an account holds in one underlying of a margin group. Its cash may lie in any of them. */
export type GroupMember = {
  /** Name of the underlying's market, for example `ETH`. */
  readonly market: string
  readonly instruments: readonly Instrument[]
  readonly portfolio: Portfolio
  readonly mark: MarginMarket
  readonly parameters: MarginParameters
  readonly residual: Fraction
}

/** One account over all underlyings of a margin group. */
export type GroupAssessment = {
  readonly equity: Usd
  readonly maintenance: Usd
  readonly initial: Usd
  readonly liquidatable: boolean
  readonly freeMargin: Usd
  /** The common move behind each requirement, and what offsets took off the sum of the members'. */
  readonly scans: Readonly<Record<Pass, GroupScan>>
  /** Each underlying by itself, in the order of the members. */
  readonly members: readonly AccountAssessment[]
}

/**
 * Margin of one account over several underlyings: the sum of what each asks for, less the credit that the beta ladder gives for positions that offset one another.
 * Charges, minimums and caps stay with each underlying; the credit takes off scan losses only.
 *
 * @param factor - Market that is the common factor, for example `BTC`.
 * @throws {InvalidInputError} A market is named twice, or a member is outside its domain.
 */
export function assessGroup(members: readonly GroupMember[], factor: string, registry: PricingRegistry = pricingRegistry): GroupAssessment {
  const names = new Set<string>()
  const assessed = members.map((member) => {
    if (names.has(member.market)) throw new InvalidInputError({ argument: 'members', got: member.market, limit: 'named once' })
    names.add(member.market)
    return assessMember(member, member.market === factor, registry)
  })
  const singles = assessed.map(({ assessment }) => assessment)
  const maintenance = combine(assessed, 'maintenance')
  const combined = combine(assessed, 'initial')
  const initial = Math.max(maintenance.asked, combined.asked)
  const equity = singles.reduce((total, member) => total + member.equity, 0)
  return {
    equity,
    maintenance: maintenance.asked,
    initial,
    liquidatable: equity < maintenance.asked,
    freeMargin: singles.reduce((total, member) => total + member.freeMargin + member.initial, 0) - initial,
    scans: { maintenance: maintenance.scan, initial: combined.scan },
    members: singles,
  }
}

/** One underlying by itself, and what the group reads of it: the scan as it counts in what is asked, and the minimum that no credit goes below. */
type AssessedMember = {
  readonly assessment: AccountAssessment
  readonly lanes: Readonly<Record<Pass, BetaLane>>
  readonly floors: Readonly<Record<Pass, Usd>>
}

function assessMember(
  { instruments, portfolio, mark, parameters, residual }: GroupMember,
  isFactor: boolean,
  registry: PricingRegistry,
): AssessedMember {
  assertMarginMarket(mark)
  assertMarginParameters(parameters)
  assertInstruments(instruments, mark, registry)
  assertPortfolio(portfolio, instruments.length, mark)
  const array = buildRiskArray(instruments, mark, parameters, registry)
  const positions = inRankOrder(array, portfolio)
  const stressed = stressPortfolio(array, portfolio, positions)
  const assessment = assessPortfolio(array, portfolio)
  const contracts = netShort(array, positions)
  const laneOf = (pass: Pass, multiplier: number): BetaLane => {
    const scan = scanLosses(array, pass, positions, stressed)
    // A cap may have taken losses off what is asked: what was not asked for cannot be credited.
    const counted = (loss: Usd): Usd => Math.min(multiplier * loss, assessment[pass])
    return { scan: { ...scan, losses: scan.losses.map(counted), far: scan.far.map(counted) }, residual: isFactor ? 0 : residual, isFactor }
  }
  const floorOf = (pass: Pass, multiplier: number): Usd =>
    Math.min(assessment[pass], multiplier * array.passes[pass].shortOptionMinimum * mark.spot * contracts)
  const { initialMultiplier } = parameters
  return {
    assessment,
    lanes: { maintenance: laneOf('maintenance', 1), initial: laneOf('initial', initialMultiplier) },
    floors: { maintenance: floorOf('maintenance', 1), initial: floorOf('initial', initialMultiplier) },
  }
}

function combine(members: readonly AssessedMember[], pass: Pass): { readonly asked: Usd; readonly scan: GroupScan } {
  const scan = betaLadder(members.map(({ lanes }) => lanes[pass]))
  const single = members.reduce((total, { assessment }) => total + assessment[pass], 0)
  const floor = members.reduce((total, { floors }) => total + floors[pass], 0)
  return { asked: Math.max(floor, single - scan.credit), scan }
}

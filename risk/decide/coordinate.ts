import { judgeRound, type RoundContext } from '../rules/index.ts'
import type { Catalogue, Item, LiveParameter, ParamId, Powers, Recommendation, UnixSeconds } from '../types/index.ts'
import { holdBack } from './clipTarget.ts'

/** Items in one round at most; mirrors `ControllerMandate.MAX_ITEMS`. */
const MAX_ITEMS = 16

/** Pairs that would charge the same stress twice if they moved together; the first one moves. */
const neverTogether: readonly (readonly [ParamId, ParamId])[] = [['margin.priceScanRange', 'margin.initialMultiplier']]

/** The scope a round is for. */
export type RoundFrame = {
  readonly catalogue: Catalogue
  readonly parameters: readonly LiveParameter[]
  readonly powers: Powers
  readonly now: UnixSeconds
}

/**
 * Makes one acceptable round of single recommendations: a coupling group moves one way, tightening first; pairs that may not move together do not;
 * joint invariants hold, with loosenings given up before tightenings. What gives way is held, with the bound that held it.
 */
export function coordinate(recommendations: readonly Recommendation[], frame: RoundFrame): Recommendation[] {
  let round = limitItems(separatePairs(tightenFirst(recommendations, frame.catalogue)))
  for (;;) {
    const next = holdRejected(round, frame)
    if (next === null) return round
    round = next
  }
}

/** The round's items, ids ascending. */
export function itemsOf(recommendations: readonly Recommendation[]): Item[] {
  return recommendations
    .filter(({ outcome }) => outcome.kind === 'move')
    .map(({ id, value, proposed }) => ({ id, expected: value, value: proposed }))
}

function tightenFirst(recommendations: readonly Recommendation[], catalogue: Catalogue): Recommendation[] {
  const groups = new Map(catalogue.parameters.map(({ id, group }) => [id, group]))
  const tightening = new Set(recommendations.filter((each) => moves(each, 'tighten')).map(({ id }) => groups.get(id)))
  return recommendations.map((each) => {
    const group = groups.get(each.id)
    return moves(each, 'loosen') && group !== undefined && tightening.has(group) ? holdBack(each, 'group', group) : each
  })
}

function separatePairs(recommendations: readonly Recommendation[]): Recommendation[] {
  const moving = new Set(recommendations.filter((each) => moves(each)).map(({ id }) => id))
  const waiting = new Set(neverTogether.filter((pair) => pair.every((id) => moving.has(id))).map(([, second]) => second))
  return recommendations.map((each) => (waiting.has(each.id) ? holdBack(each, 'group', 0) : each))
}

/** Loosenings beyond the room of a round wait for the next one; tightenings alone always fit, unless a scope had more than that many parameters. */
function limitItems(recommendations: readonly Recommendation[]): Recommendation[] {
  const order = [...recommendations.filter((each) => moves(each, 'tighten')), ...recommendations.filter((each) => moves(each, 'loosen'))]
  const waiting = new Set(order.slice(MAX_ITEMS).map(({ id }) => id))
  return recommendations.map((each) => (waiting.has(each.id) ? holdBack(each, 'group', MAX_ITEMS) : each))
}

/** Asks the twin of the contract's judge; null when it accepts every item, else the round with something held. */
function holdRejected(
  recommendations: readonly Recommendation[],
  { catalogue, parameters, powers, now }: RoundFrame,
): Recommendation[] | null {
  const context: RoundContext = {
    round: 0,
    epoch: 0,
    writer: 'controller',
    shadow: !powers.applies,
    mayTighten: powers.tightens || !powers.applies,
    mayLoosen: powers.loosens || !powers.applies,
    chargeSteward: false,
    flipWindow: 0,
  }
  const rejected = judgeRound(catalogue, parameters, itemsOf(recommendations), context, now).filter(({ code }) => code !== 'none')
  const first = rejected[0]
  if (first === undefined) return null
  if (first.code === 'joint') return holdInvariant(recommendations, catalogue, first.limit)
  const failed = new Map(rejected.map(({ id, limit }) => [id, limit]))
  return recommendations.map((each) => (failed.has(each.id) ? holdBack(each, 'group', failed.get(each.id) ?? 0) : each))
}

/** Gives up the loosenings that the broken invariant reads, or its tightenings when there is none. */
function holdInvariant(recommendations: readonly Recommendation[], catalogue: Catalogue, invariant: number): Recommendation[] {
  const joint = catalogue.invariants[invariant]
  const members = recommendations.filter((each) => moves(each) && (each.id === joint?.left || each.id === joint?.right))
  const loosenings = members.filter((each) => moves(each, 'loosen'))
  const given = new Set((loosenings.length > 0 ? loosenings : members).map(({ id }) => id))
  return recommendations.map((each) => (given.has(each.id) ? holdBack(each, 'joint', invariant) : each))
}

function moves({ outcome }: Recommendation, direction?: 'tighten' | 'loosen'): boolean {
  return outcome.kind === 'move' && (direction === undefined || outcome.direction === direction)
}

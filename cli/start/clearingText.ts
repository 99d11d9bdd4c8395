import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { shortTime } from '../kit/time.ts'
import { grouped } from '../kit/values.ts'
import type { ClearingPoint, ClearingSummary } from './ClearingSummary.ts'

/** Rows of the table over time, besides the lowest price. */
const ROWS = 9

/** What happened to the accounts: price, margin and fund over time, then who was sold what, and who paid. */
export function clearingText(clearing: ClearingSummary, colours: Colours): string {
  const { accounts, trades, refusedTrades, blocksChecked } = clearing
  return [
    colours.strong(`What happened to ${accounts} traders on the clearing contracts`),
    overTime(clearing, colours),
    '',
    `${trades} trades, ${refusedTrades} refused by margin; ${blocksChecked} blocks added up.`,
    liquidations(clearing),
    losses(clearing),
    bidderLine(clearing),
  ].join('\n')
}

function overTime({ path }: ClearingSummary, colours: Colours): string {
  const titles = ['time, UTC', 'price', 'scan range', 'open notional', 'maintenance', 'initial', 'below', 'on sale', 'fund']
  const rows = chosen(path).map((point) => [
    shortTime(point.unix),
    grouped(Math.round(point.spot * 100) / 100),
    `${(100 * point.scanRange).toFixed(1)} %`,
    usd(point.notional),
    usd(point.maintenance),
    usd(point.initial),
    String(point.below),
    String(point.auctions),
    usd(point.fund),
  ])
  return formatTable(
    titles.map((title, i) => ({ title, align: i === 0 ? ('left' as const) : ('right' as const) })),
    rows,
    colours.dim,
  )
}

/** Points at equal distances, the first, the last, and the one of the lowest price. */
function chosen(path: readonly ClearingPoint[]): ClearingPoint[] {
  const lowest = path.reduce((low, { spot }, i) => (spot < (path[low] as ClearingPoint).spot ? i : low), 0)
  const even = Array.from({ length: ROWS }, (_, i) => Math.round((i * (path.length - 1)) / (ROWS - 1)))
  return [...new Set([...even, lowest])].sort((a, b) => a - b).flatMap((i) => path[i] ?? [])
}

function liquidations({ flags, liquidatedAccounts, slices, notionalSold, charges }: ClearingSummary): string {
  if (flags === 0) return 'Nobody fell below maintenance.'
  return `${flags} flags; ${slices} slices of ${liquidatedAccounts} accounts were sold, ${usd(notionalSold)} of notional for charges of ${usd(charges)}.`
}

function losses({
  bankruptcies,
  backstopped,
  tornUp,
  deficit,
  paidByFund,
  paidByProfit,
  paidByPrincipal,
  fundStart,
  fundEnd,
}: ClearingSummary): string {
  const fund = `The fund went from ${usd(fundStart)} to ${usd(fundEnd)}.`
  if (bankruptcies + deficit === 0) return `No account was below zero; nothing was torn up. ${fund}`
  const layers = `fund ${usd(paidByFund)}, unmatured profit ${usd(paidByProfit)}, principal ${usd(paidByPrincipal)}`
  return `${bankruptcies} accounts were below zero at some instant: ${backstopped} books taken by the fund, ${tornUp} torn up; a deficit of ${usd(deficit)} was paid by ${layers}. ${fund}`
}

function bidderLine({ bidders: { reference, naive } }: ClearingSummary): string {
  const one = (name: string, { filled, losing, profit }: ClearingSummary['bidders']['naive']): string =>
    `${name} ${filled} slices, ${losing} at a loss, profit ${usd(profit)}`
  return `Bidders: ${one('the liquidation bot', reference)}; ${one('a naive one', naive)}.`
}

const usd = (amount: number): string => `${grouped(Math.round(amount))} USD`

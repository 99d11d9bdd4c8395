import { formatUnits } from 'viem'
import { decodeInstrumentId, formatAccountId, type Leg } from '../../chain/clearing/index.ts'
import { fromWadUsd } from '../../risk/liquidation/index.ts'
import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { isoTime } from '../kit/time.ts'
import { humanUsd } from '../kit/values.ts'
import type { AccountState, Owed } from './readStates.ts'

/** All accounts, the one nearest to liquidation first. */
export function accountsText(states: readonly AccountState[], block: bigint, colours: Colours): string {
  const titles = ['account', 'equity', 'maintenance', 'equity / maintenance', 'distance', 'delta', 'footing', 'state']
  return [
    colours.strong(`${states.length} ${states.length === 1 ? 'account' : 'accounts'} at block ${block}`),
    '',
    formatTable(
      titles.map((title, i) => ({ title, align: i > 0 && i < 6 ? ('right' as const) : ('left' as const) })),
      states.map((state) => {
        const { equity, maintenance, delta, footing } = state.assessment
        return [
          formatAccountId(state.held.account),
          usd(equity),
          usd(maintenance),
          ratio(equity, maintenance),
          distanceText(state),
          usd(delta),
          footing,
          stateOf(state),
        ]
      }),
      colours.dim,
    ),
  ].join('\n')
}

/** One account in full. */
export function accountText(state: AccountState, block: bigint, colours: Colours): string {
  const { held, assessment } = state
  const { equity, maintenance, initial, free, footing, delta, gamma, vega, notional, binding } = assessment
  const rows: [string, string][] = [
    ['equity', usd(equity)],
    ['maintenance', `${usd(maintenance)}, worst at ${usd(binding.price)} with vol ${binding.volState}`],
    ['initial', usd(initial)],
    ['free for new risk', usd(free)],
    ['delta, gamma, vega', `${usd(delta)}, ${usd(gamma)}, ${usd(vega)}`],
    ['distance', distanceText(state)],
    ['notional', usd(notional)],
    ['footing', footing],
    ...(state.owed === null ? [] : owedRows(state.owed)),
    ['state', stateOf(state)],
  ]
  return [
    colours.strong(`${formatAccountId(held.account)} at block ${block}`),
    '',
    ...rows.map(([name, value]) => `${name.padEnd(20)}${value}`),
    '',
    formatTable(
      [{ title: 'chain', align: 'right' }, { title: 'leg' }, { title: 'contracts', align: 'right' }],
      [...held.positions].map(([instrument, lots]) => {
        const { chain, leg } = decodeInstrumentId(instrument)
        return [String(chain), legText(leg), String(Number(lots) / 10_000)]
      }),
      colours.dim,
    ),
  ].join('\n')
}

const usd = (wad: bigint): string => humanUsd(fromWadUsd(wad))

function ratio(equity: bigint, maintenance: bigint): string {
  return maintenance === 0n ? '-' : `${(Number((equity * 10_000n) / maintenance) / 100).toFixed(2)} %`
}

/** Moves of the index to maintenance, by the contract's sensitivities. */
function distanceText({ distance: { down, up } }: AccountState): string {
  const sides = [down, up].filter((move) => move !== null).map((move) => `${move > 0 ? '+' : ''}${(100 * move).toFixed(1)} %`)
  return sides.length === 0 ? '-' : sides.join(' ')
}

function legText(leg: Leg): string {
  return leg.kind === 'future' ? 'future' : `${leg.type} at strike ${leg.strike + 1}`
}

/** The debt against its limit, and each collateral that is on sale behind it. */
function owedRows({ sale: { debt, limit, call, collateral }, terms: { cash } }: Owed): [string, string][] {
  const inUsd = (units: bigint): string => humanUsd(Number(formatUnits(units, cash.decimals)))
  const called = call === null ? '' : `, called until ${isoTime(call.until)}`
  return [
    ['debt', `${inUsd(debt)} against collateral, at most ${inUsd(limit)}${called}`],
    ...collateral.flatMap(({ token, decimals, offer }): [string, string][] =>
      offer === null ? [] : [['on sale', `${formatUnits(offer.amount, decimals)} of ${token} at ${usd(offer.price)}`]],
    ),
  ]
}

function stateOf({ assessment, auction, held, owed }: AccountState): string {
  if (auction !== null) return auction.bankrupt ? 'in auction, bankrupt' : 'in auction'
  if (assessment.equity < assessment.maintenance) return 'below maintenance'
  if (owed !== null && owed.sale.debt > owed.sale.limit) return owed.sale.call === null ? 'debt above its limit' : 'debt called'
  return held.outdated ? 'to be touched' : ''
}

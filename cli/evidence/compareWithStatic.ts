import { marginParametersOf, markBook } from '../../risk/decide/index.ts'
import { assessBook, type MarginParameters } from '../../risk/margin/index.ts'
import type { Book, EngineConfiguration, Hash, MarketSnapshot, ParamId } from '../../risk/types/index.ts'
import type { FoldedHistory } from '../audit/foldHistory.ts'
import { notFoundError } from '../kit/CliError.ts'
import type { Evidence } from './buildSteps.ts'
import { type EvidenceDocuments, readDocument } from './EvidenceDocuments.ts'
import type { ParameterOutcome, StaticComparison } from './StaticComparison.ts'

/** One tick: the market, the accounts, and the parameters under both readings. */
type Tick = {
  readonly snapshot: MarketSnapshot
  readonly book: Book
  readonly controller: MarginParameters
  readonly static: MarginParameters
}

/**
 * Runs the accounts of every tick twice: under the maintenance values that were in force, and under the values the parameters began with.
 *
 * @param market - For example `ETH`; its market scope and its collateral are compared together.
 * @throws {CliError} No tick of that market can be read.
 */
export function compareWithStatic({ documents }: Evidence, history: FoldedHistory, market: string): StaticComparison {
  const ticks = [...readTicks(documents, history, market)]
  const [first] = ticks
  const last = ticks.at(-1)
  if (first === undefined || last === undefined) throw notFoundError(`No tick of ${market} can be read for a comparison.`)
  return {
    from: first.snapshot.observedAt,
    to: last.snapshot.observedAt,
    ticks: ticks.length,
    accounts: first.book.portfolios.length,
    controller: runAccounts(ticks, (tick) => tick.controller),
    static: runAccounts(ticks, (tick) => tick.static),
  }
}

function* readTicks(documents: EvidenceDocuments, { rounds, writes }: FoldedHistory, market: string): Generator<Tick> {
  const scopes = [`market:${market}`, `asset:${market}`]
  const first = new Map<ParamId, number>()
  for (const { scope, id, value } of writes) if (scopes.includes(scope) && !first.has(id)) first.set(id, value)
  const books = new Map<Hash, Book>()
  const haircuts = new Map<number, number>()
  for (const round of rounds) {
    if (!scopes.includes(round.scope)) continue
    const snapshot = readDocument<MarketSnapshot>(documents, round.snapshot)
    if (snapshot === null) continue
    if (round.scope.startsWith('asset:'))
      haircuts.set(round.observedAt, snapshot.chain.parameters.find(({ id }) => id === 'collateral.haircut')?.state.effective ?? 0)
  }
  for (const round of rounds) {
    if (round.scope !== `market:${market}`) continue
    const snapshot = readDocument<MarketSnapshot>(documents, round.snapshot)
    const configuration = readDocument<EngineConfiguration>(documents, round.configuration)
    if (snapshot === null || configuration === null) continue
    const book = books.get(snapshot.book) ?? readDocument<Book>(documents, snapshot.book)
    if (book === null) continue
    books.set(snapshot.book, book)
    const live = new Map<ParamId, number>(snapshot.chain.parameters.map(({ id, state }) => [id, state.effective]))
    const haircut = haircuts.get(round.observedAt)
    if (haircut !== undefined) live.set('collateral.haircut', haircut)
    yield { snapshot, book, controller: marginParametersOf(live, configuration), static: marginParametersOf(first, configuration) }
  }
}

/** An account below maintenance is closed one tick later; its equity then, before any haircut, is what is left or missing. */
function runAccounts(ticks: readonly Tick[], parametersOf: (tick: Tick) => MarginParameters): ParameterOutcome {
  let book: Hash | undefined
  let flagged = new Set<string>()
  let closed = new Set<string>()
  const total = { liquidated: 0, deficits: 0, deficitUsd: 0 }
  const used: number[] = []
  const required: number[] = []
  for (const tick of ticks) {
    const { snapshot } = tick
    // Accounts are rolled into new positions with a new book and begin again.
    if (snapshot.book !== book) [book, flagged, closed] = [snapshot.book, new Set(), new Set()]
    const parameters = parametersOf(tick)
    const [own] = markBook(snapshot, tick.book)
    if (own === undefined) continue
    let equity = 0
    let maintenance = 0
    assessBook(own.book, own.mark, parameters).accounts.forEach((account, i) => {
      if (closed.has(account.account)) return
      if (flagged.has(account.account)) {
        const left = account.equity + (own.book.portfolios[i]?.collateral ?? 0) * own.mark.spot * parameters.haircut
        closed.add(account.account)
        total.liquidated += 1
        if (left < 0) [total.deficits, total.deficitUsd] = [total.deficits + 1, total.deficitUsd - left]
        return
      }
      if (account.liquidatable) flagged.add(account.account)
      maintenance += account.maintenance
      equity += Math.max(0, account.equity)
    })
    used.push(equity > 0 ? maintenance / equity : 0)
    required.push(maintenance)
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  return { ...total, meanMarginUsed: mean(used), maxMarginUsed: Math.max(0, ...used), meanMaintenance: mean(required) }
}

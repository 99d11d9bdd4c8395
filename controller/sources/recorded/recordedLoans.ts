import { BadRecordingError } from '../../../risk/market/index.ts'
import type { Portfolio, PortfolioSource, UnixSeconds } from '../../../risk/types/index.ts'
import { UnavailableError } from '../../errors/SourceErrors.ts'
import { readTable } from './readTable.ts'

export type RecordedLoansOptions = {
  /** File of loans, its name ending in the quarter they were seen in, for example `_2023Q4.csv.gz`. */
  readonly path: string
  readonly market: string
  /** Most accounts to take. */
  readonly accounts: number
}

type Loan = { readonly line: number; readonly debt: number; readonly collateral: number }

const header = ['debt_crvusd', 'collateral_units', 'n_bands']

/**
 * Recorded loans against the asset of a market as accounts: the debt is negative cash, the collateral is the loan's. Rows of a quarter are mixed and carry no day, so the book is a sample of the
 * population, every n-th row, and not of one instant; snapshots keep naming portfolios as synthetic. It is known when the quarter has ended. A loan whose collateral the lender has sold in full
 * already is left out: what it was sold for is not recorded.
 *
 * @throws {BadRecordingError} A line is malformed, its debt is not above 0, its collateral negative, or the file's name names no quarter.
 * @throws from its function: {UnavailableError} before the quarter has ended.
 */
export function recordedLoans({ path, market, accounts }: RecordedLoansOptions): PortfolioSource {
  const knownAt = quarterEnd(path)
  const { file, values } = readTable<Loan>(path, header, (row) => {
    const [debt, collateral, bands] = [row.number(0), row.number(1), row.number(2)]
    if (!(debt > 0 && collateral >= 0)) return `debt ${debt} is not above 0 or collateral ${collateral} is negative`
    return Number.isInteger(bands) && bands > 0 ? { line: row.line, debt, collateral } : `${bands} is no number of bands`
  })
  const held = values.filter(({ collateral }) => collateral > 0)
  const step = Math.max(1, Math.ceil(held.length / accounts))
  const portfolios = held.filter((_, i) => i % step === 0).map(accountOf)
  return {
    fetchBook: async (time) => {
      if (time < knownAt) throw new UnavailableError({ source: file.name, what: 'loans', time })
      return { schema: 'ballast.book', version: 1, market, instruments: [], portfolios }
    },
  }
}

function accountOf({ line, debt, collateral }: Loan): Portfolio {
  return { account: `loan ${line}`, cash: -debt, collateral, positions: [] }
}

/** Start of the quarter after the one in the name. */
function quarterEnd(path: string): UnixSeconds {
  const quarter = /_(\d{4})Q([1-4])\.csv(\.gz)?$/.exec(path)
  if (quarter === null)
    throw new BadRecordingError([{ line: 0, fault: `the name of ${path} does not end in a quarter such as _2023Q4.csv.gz` }])
  return Date.UTC(Number(quarter[1]), 3 * Number(quarter[2]), 1) / 1_000
}

import type { MarketSource, PortfolioSource, Seconds, UnixSeconds } from '../../risk/types/index.ts'
import type { DaemonConfig } from '../config/schema.ts'
import { UnavailableError } from '../errors/SourceErrors.ts'
import { openRecordedImpliedVol } from './openRecordedImpliedVol.ts'
import { openRecording } from './openRecording.ts'
import { openRecordedLiquidity } from './recorded/openRecordedLiquidity.ts'
import { openRecordedFunding, openRecordedOpenInterest } from './recorded/openRecordedVenue.ts'
import { recordedLoans } from './recorded/recordedLoans.ts'
import { type RecordedObservations, recordedSource } from './recordedSource.ts'
import { simulatedBook } from './simulatedBook.ts'
import { type PricedSource, simulatedSource } from './simulatedSource.ts'

export type Sources = { readonly market: MarketSource; readonly portfolios: PortfolioSource }

/** An engine's own sources, as its configuration names them. */
export function openSources(
  { source, portfolios }: Pick<DaemonConfig, 'source' | 'portfolios'>,
  market: string,
  maxBarAgeSeconds: Seconds,
): Sources {
  const priced = openPriced(source, market, maxBarAgeSeconds)
  if (portfolios === undefined) return { market: priced.market, portfolios: noPortfolios }
  const { loans, ...drawn } = portfolios
  return {
    market: priced.market,
    portfolios:
      loans === undefined
        ? simulatedBook({ ...drawn, market, priceAt: priced.priceAt })
        : recordedLoans({ path: loans, market, accounts: drawn.accounts }),
  }
}

/** Where accounts are those of a deployed clearing. */
const noPortfolios: PortfolioSource = {
  fetchBook: (time) => Promise.reject(new UnavailableError({ source: 'the configuration', what: 'portfolios', time })),
}

const DAY: Seconds = 86_400
/** Implied volatility known before the window: 30 days of hourly moves over 24 h, with room for the hours that recordings lack. */
const VOL_HISTORY: Seconds = 45 * DAY

/** What the folder has beside bars and that became known in the window; a file without any of it is neither used nor named. */
function openObservations(directory: string, market: string, from: UnixSeconds, to: UnixSeconds): RecordedObservations {
  return {
    liquidity: openRecordedLiquidity(directory, market, { from, to }),
    impliedVol: openRecordedImpliedVol(directory, market, { from, to }, VOL_HISTORY),
    openInterest: openRecordedOpenInterest(directory, market, { from, to }),
    funding: openRecordedFunding(directory, market, { from, to }),
  }
}

function openPriced(source: DaemonConfig['source'], market: string, maxBarAgeSeconds: Seconds): PricedSource {
  const seconds = (time: string): number => Date.parse(time) / 1_000
  switch (source.kind) {
    case 'recorded': {
      const [from, to] = [seconds(source.from), seconds(source.to)]
      const opened = openRecording(source.directory, market, from, to, source.file ?? undefined)
      const series = openObservations(source.directory, market, from - DAY, to)
      return recordedSource({ ...opened, maxBarAgeSeconds, seedSeconds: source.seedDays * DAY, series, from })
    }
    case 'simulated': {
      const { kind: _, origin, crashes, ...rest } = source
      return simulatedSource({ ...rest, origin: seconds(origin), crashes: crashes.map((crash) => ({ ...crash, at: seconds(crash.at) })) })
    }
  }
}

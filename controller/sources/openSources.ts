import type { MarketSource, PortfolioSource, Seconds } from '../../risk/types/index.ts'
import type { DaemonConfig } from '../config/schema.ts'
import { openRecording } from './openRecording.ts'
import { recordedSource } from './recordedSource.ts'
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
  return { market: priced.market, portfolios: simulatedBook({ ...portfolios, market, priceAt: priced.priceAt }) }
}

function openPriced(source: DaemonConfig['source'], market: string, maxBarAgeSeconds: Seconds): PricedSource {
  const seconds = (time: string): number => Date.parse(time) / 1_000
  switch (source.kind) {
    case 'recorded': {
      const opened = openRecording(source.directory, market, seconds(source.from), seconds(source.to), source.file ?? undefined)
      return recordedSource({ ...opened, maxBarAgeSeconds, seedSeconds: source.seedDays * 86_400 })
    }
    case 'simulated': {
      const { kind: _, origin, crashes, ...rest } = source
      return simulatedSource({ ...rest, origin: seconds(origin), crashes: crashes.map((crash) => ({ ...crash, at: seconds(crash.at) })) })
    }
  }
}

import {
  batchInputs,
  batchOutputs,
  type EngineChoice,
  giveRow,
  lossWithOrder,
  openBlack76Batch,
  openImpliedVolBatch,
  openVenue,
  priceVenue,
  quoteColumns,
  quoteVenue,
  shortfalls,
  startStream,
  worstLosses,
} from '../../../risk/kernel/index.ts'
import { uniforms } from '../support/uniforms.ts'
import { givenRow, randomVenue } from './randomVenue.ts'

/**
 * FNV-1a over the bits of everything the kernel computes on fixed inputs, edges of the domain included: Greeks, implied vols, worst losses and their scenarios, shortfalls,
 * sums after ticks, orders. Browser-safe, so that a page runs the same.
 */
export function kernelBits(engine: EngineChoice): string {
  const results = [...batchResults(engine), ...volResults(engine), ...venueResults(engine)]
  const bytes = new DataView(new ArrayBuffer(8))
  let hash = 0xcbf29ce484222325n
  for (const value of results) {
    bytes.setFloat64(0, value)
    hash = ((hash ^ bytes.getBigUint64(0)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}

/** Inputs that reach every branch: no time, no vol, at the strike, far from it, 10,000 % vol. */
export function wideOption(draws: readonly number[], i: number): Readonly<Record<(typeof batchInputs)[number], number>> {
  const draw = (k: number): number => draws[8 * i + k]!
  const forward = [1e-9, 1e15, 100][Math.floor(draw(0) * 40)] ?? 10 + 1e5 * draw(0) * draw(0)
  const ratio = draw(1) < 0.05 ? 1 : 0.02 + 8 * draw(1) * draw(2)
  return {
    sign: draw(3) < 0.5 ? 1 : -1,
    forward,
    strike: Math.min(1e15, Math.max(1e-9, forward * ratio)),
    timeToExpiry: draw(4) < 0.05 ? 0 : 100 * (draw(4) * draw(4) * draw(4)) ** 2,
    vol: draw(5) < 0.05 ? 0 : 100 * (draw(5) * draw(5) * draw(5)) ** 2,
    rate: 2 * draw(6) - 1,
  }
}

function batchResults(engine: EngineChoice): number[] {
  const count = 20_001
  const batch = openBlack76Batch(count, engine)
  const draws = uniforms(77, 8 * count)
  for (let i = 0; i < count; i++) {
    const option = wideOption(draws, i)
    for (const name of batchInputs) batch.inputs[name][i] = option[name]
  }
  batch.price(count)
  return batchOutputs.flatMap((name) => [...batch.outputs[name]])
}

/** A quote around the market, one in ten of them off by up to half: at or below the payoff, above the maximum, or of another vol. */
export function wideQuote(draws: readonly number[], i: number): Readonly<Record<(typeof quoteColumns)[number], number>> {
  const draw = (k: number): number => draws[8 * i + k]!
  const forward = 20 + 1000 * draw(0)
  const strike = draw(1) < 0.05 ? forward : forward * (0.4 + 1.6 * draw(2))
  const timeToExpiry = draw(3) < 0.02 ? 0 : 3 * draw(3) * draw(3)
  const sign = draw(4) < 0.5 ? 1 : -1
  const payoff = Math.max(0, sign * (forward - strike))
  // A bell around the strike: the shape of a time value without its logarithm.
  const width = forward * (0.02 + 0.8 * draw(5)) * Math.sqrt(timeToExpiry)
  const timeValue =
    (0.4 * width) / (1 + ((forward - strike) / (width + 0.001 * forward)) * ((forward - strike) / (width + 0.001 * forward)))
  const price = (payoff + timeValue) * (draw(6) < 0.1 ? 0.5 + draw(7) : 1)
  if (draw(7) < 0.02) return { sign, forward, strike, timeToExpiry, rate: 0, price: payoff }
  return { sign, forward, strike, timeToExpiry, rate: 0.1 * draw(6) - 0.05, price }
}

function volResults(engine: EngineChoice): number[] {
  const count = 5001
  const batch = openImpliedVolBatch(count, engine)
  const draws = uniforms(78, 8 * count)
  for (let i = 0; i < count; i++) {
    const quote = wideQuote(draws, i)
    for (const name of quoteColumns) batch.inputs[name][i] = quote[name]
  }
  return [batch.solve(count), ...batch.vols, ...batch.statuses]
}

function venueResults(engine: EngineChoice): number[] {
  const { terms, quotes } = randomVenue(5, { accounts: 2500, instruments: 120, scenarios: 203 })
  const venue = openVenue(terms, { engine, streaming: true, shortfall: true })
  quoteVenue(venue, quotes)
  terms.instruments.forEach(({ kind }, i) => {
    if (kind === 'given') giveRow(venue, i, givenRow(i, terms.scenarios.length))
  })
  priceVenue(venue)
  const tails = [0.3, 0.9, 0.975, 0.999].flatMap((level) => [...shortfalls(venue, level)])
  const { losses, cells } = worstLosses(venue)
  const worst = [...losses, ...cells]
  const stream = startStream(venue, 150)
  const options = terms.instruments.flatMap(({ kind }, i) => (kind === 'call' || kind === 'put' ? [i] : []))
  for (let tick = 0; tick < 200; tick++) stream.tick(options[(tick * 7) % options.length]!, 0.2 + 0.9 * ((tick * 0.37) % 1))
  const orders = Array.from({ length: 50 }, (_, account) => {
    const { loss, cell } = lossWithOrder(venue, account, [
      { instrument: account, quantity: 2.5 },
      { instrument: 60 + account, quantity: -1 },
    ])
    return loss + cell
  })
  return [...tails, ...worst, ...stream.current.losses, ...stream.current.cells, ...orders]
}

import type { ClearingState } from './ClearingState.ts'

/** What a vote can change in clearing as words by path, under `clearing/`. */
export function flattenClearing(state: ClearingState): (readonly [path: string, word: string])[] {
  const { feeds, sequencer, surface, limits, markets, chains, groups, settlements } = state
  return [
    ...feeds.flatMap(({ market, sources, quorum, maxDeviationBps, last }): [string, string][] => [
      [`feed/${market}/sources`, sources.map(({ aggregator, decimals, heartbeat }) => `${aggregator} ${decimals} ${heartbeat}`).join(', ')],
      [`feed/${market}/quorum`, String(quorum)],
      [`feed/${market}/maxDeviationBps`, String(maxDeviationBps)],
      [`feed/${market}/last`, String(last)],
    ]),
    ...(sequencer === null ? [] : [['sequencer/feed', sequencer.feed] as const, ['sequencer/grace', String(sequencer.grace)] as const]),
    ['surface/epoch', String(surface.epoch)] as const,
    ['surface/threshold', String(surface.threshold)] as const,
    ['surface/signers', surface.signers.join(', ') || 'none'] as const,
    ...limits.flatMap(({ market, limits: fields }) =>
      Object.entries(fields).map(([field, value]) => [`surface/${market}/${field}`, value] as const),
    ),
    ...markets.flatMap(({ number, scope, group, grids }): [string, string][] => [
      [`market/${number}/scope`, scope],
      [`market/${number}/group`, group ?? 'none'],
      [`market/${number}/grids`, grids.join(', ')],
    ]),
    ...chains.map(
      ({ id, market, expiry, kind, tick, multiples }) =>
        [`chain/${id}`, `market ${market}, expiry ${expiry}, kind ${kind}, tick ${tick}, strikes ${multiples.join(' ')}`] as const,
    ),
    ...groups.flatMap(({ group, cash, halted, collaterals }): [string, string][] => [
      [`group/${group}/cash`, cash],
      [`group/${group}/halted`, String(halted)],
      ...collaterals.map(({ token, market, asset, feed }, place): [string, string] => [
        `group/${group}/collateral/${place}`,
        `${token}, market ${market}, ${asset}, priced as ${feed}`,
      ]),
    ]),
    ...settlements.map(({ market, expiry, price }) => [`settlement/${market}/${expiry}`, String(price)] as const),
  ].map(([path, word]) => [`clearing/${path}`, word] as const)
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MarketDefaults, parseCatalogue, parseEngineConfiguration, parseMarket } from '../../risk/catalogue/index.ts'
import type { Catalogue, EngineConfiguration } from '../../risk/types/index.ts'
import { notFoundError } from '../kit/CliError.ts'
import { didYouMean } from '../kit/nearest.ts'

/** Everything configuration says of one market. */
export type MarketConfiguration = {
  readonly catalogue: Catalogue
  readonly market: MarketDefaults
  /** Margin groups, which share parameters between markets. */
  readonly groups: readonly MarketDefaults[]
  /** One per scope that engines steer. */
  readonly engines: readonly EngineConfiguration[]
}

/**
 * Reads catalogue, market, groups and engine configurations from a config folder.
 *
 * @throws {CliError} The market is unknown, or no engine steers it.
 * @throws {ConfigurationError} A file has problems; all of them are listed.
 */
export function loadMarket(folder: string, name: string): MarketConfiguration {
  const catalogue = parseCatalogue(readOne(join(folder, 'catalogues', 'ballast.json')))
  const file = join(folder, 'markets', `${name.toLowerCase()}.json`)
  if (!existsSync(file)) {
    const known = jsonFiles(join(folder, 'markets')).map((other) => other.replace('.json', '').toUpperCase())
    throw notFoundError(`There is no market ${JSON.stringify(name)}.`, didYouMean(name, known) || `Known: ${known.join(', ')}.`, {
      given: name,
      known,
    })
  }
  const market = parseMarket(readOne(file), catalogue)
  const engines = jsonFiles(join(folder, 'engines'))
    .map((other) => parseEngineConfiguration(readOne(join(folder, 'engines', other)), catalogue))
    .filter((engine) => engine.market === market.market)
  if (engines.length === 0) throw notFoundError(`No engine configuration in ${join(folder, 'engines')} names the market ${market.market}.`)
  const groups = jsonFiles(join(folder, 'groups')).map((other) => parseMarket(readOne(join(folder, 'groups', other)), catalogue))
  return { catalogue, market, groups, engines: engines.sort((a, b) => (a.scope > b.scope ? -1 : 1)) }
}

function jsonFiles(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : []
}

function readOne(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

import { resolve } from 'node:path'
import { ConfigurationError } from '../../risk/errors/index.ts'
import type { MarginMarket } from '../../risk/margin/index.ts'
import { expiryOf } from '../../risk/pricing/index.ts'
import { marginMarket, parseSurface } from '../../risk/surface/index.ts'
import { CliError, notFoundError } from '../kit/CliError.ts'
import { parseJson } from '../kit/parseJson.ts'
import { readFileInput } from '../kit/readInput.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { problemsOf } from './eachWithPath.ts'
import type { MarginRequest } from './parseMarginRequest.ts'

/**
 * The market of a request: its own, or the surface of `--surface` at the surface's time and spot.
 *
 * @throws {CliError} The file does not exist, or the surface has no smile.
 * @throws {ConfigurationError} It is not a surface.
 */
export function markOn(terminal: Terminal, request: MarginRequest, surfaceFile: string | undefined): MarginMarket {
  if (surfaceFile === undefined) return request.market
  const read = readFileInput(resolve(terminal.folder, surfaceFile))
  if (read === undefined) throw notFoundError(`There is no file ${surfaceFile}.`, '`ballast risk surface --json --output FILE` writes one.')
  const expiries = request.instruments.flatMap((instrument) => expiryOf(instrument) ?? [])
  try {
    const marked = marginMarket(parseSurface(parseJson({ ...read, name: surfaceFile })), expiries)
    if (marked.kind === 'unavailable') throw new CliError('failure', `${surfaceFile} has no smile that a book could be marked on.`)
    return marked.market
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new ConfigurationError(surfaceFile, problemsOf(error, '$'))
  }
}

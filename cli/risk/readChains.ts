import { type Numeraire, type OptionChain, parseOptionChains } from '../../risk/surface/index.ts'
import { CliError, notFoundError, usageError } from '../kit/CliError.ts'
import type { Output } from '../kit/Output.ts'
import type { InputText } from '../kit/readInput.ts'
import { isoTime, parseTime } from '../kit/time.ts'

const SHOWN = 5

export type ChainOptions = { readonly prices: Numeraire; readonly at?: string }

/**
 * Option chains of a recording, oldest first. Faulty lines are named as a warning and left out.
 *
 * @throws {CliError} There is no chain in it.
 */
export function readChains({ name, text }: InputText, prices: Numeraire, output: Output): readonly OptionChain[] {
  const { chains, faults } = parseOptionChains(text, prices)
  const shown = faults.slice(0, SHOWN).map(({ line, fault }) => `  line ${line}: ${fault}`)
  const lines = [...shown, ...(faults.length > SHOWN ? [`  and ${faults.length - SHOWN} more`] : [])].join('\n')
  if (chains.length === 0) throw new CliError('configuration', `${name} holds no option chain.`, lines, { faults: [...faults] })
  if (faults.length > 0) output.warn(`${faults.length} of the lines of ${name} ${faults.length === 1 ? 'is' : 'are'} left out:\n${lines}`)
  return chains
}

/**
 * The chain seen last at a time, or the last one.
 *
 * @throws {CliError} All are later.
 */
export function chainAt(chains: readonly OptionChain[], at: string | undefined): OptionChain {
  const time = at === undefined ? Number.POSITIVE_INFINITY : parseTime(at, '--at')
  const found = chains.findLast((chain) => chain.time <= time)
  if (found === undefined) throw notFoundError('There is no chain at that time.', `The first one is of ${isoTime(chains[0]!.time)}.`)
  return found
}

/** Reader of `--prices`. */
export function parsePrices(text: string): Numeraire {
  if (text !== 'coin' && text !== 'usd') throw usageError(`--prices is ${JSON.stringify(text)}; it must be coin or usd.`)
  return text
}

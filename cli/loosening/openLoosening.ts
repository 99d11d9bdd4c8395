import type { ActNode } from '../act/openActNode.ts'
import { openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { notFoundError } from '../kit/CliError.ts'
import { isoTime } from '../kit/time.ts'
import { humanAndRaw } from '../kit/values.ts'
import { type Loosening, matesOf, readLoosenings } from './readLoosenings.ts'

/** A pending loosening and those that execute and fall with it. */
export type OpenedLoosening = { readonly loosening: Loosening; readonly mates: readonly Loosening[] }

/**
 * The pending loosening of the parameter meant on the command line.
 *
 * @throws {CliError} There is no such parameter, or nothing pends.
 */
export async function openLoosening(node: ActNode, name: string | undefined, options: ParameterOptions): Promise<OpenedLoosening> {
  const { scope, spec } = await openParameter(node, name, options)
  const all = await readLoosenings(node, scope)
  const loosening = all.find((each) => each.spec.id === spec.id)
  if (loosening === undefined)
    throw notFoundError(`Nothing pends for ${spec.id} of ${scope}.`, 'What pends: `ballast loosening list`.', { scope, id: spec.id })
  return { loosening, mates: matesOf(all, loosening) }
}

/** `liquidation.fee of market:ETH, 3 % (300) to 2.9 % (290)`. */
export function looseningWords({ scope, spec, value, pending }: Loosening): string {
  return `${spec.id} of ${scope}, ${humanAndRaw(value, spec.unit)} to ${humanAndRaw(pending.target, spec.unit)}`
}

/** Why it can no longer be vetoed or executed, or when it can. */
export function stateWords({ state, pending }: Loosening): string {
  switch (state) {
    case 'waits':
      return `waits until ${isoTime(pending.eta)}`
    case 'due':
      return `may be executed until ${isoTime(pending.expiry)}`
    case 'expired':
      return `expired at ${isoTime(pending.expiry)}`
    case 'void':
      return 'is void: its parameter was written since, or the epoch was revoked'
  }
}

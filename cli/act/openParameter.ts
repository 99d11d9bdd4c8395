import { parseScopeId } from '../../chain/ids/index.ts'
import { readBlock, readParameter } from '../../chain/read/index.ts'
import { listScopes } from '../../proposals/state/index.ts'
import type { LiveParameter, ParameterSpec, ScopeId } from '../../risk/types/index.ts'
import { usageError } from '../kit/CliError.ts'
import { findParameter } from '../parameters/findParameter.ts'
import type { ActNode } from './openActNode.ts'

export type ParameterOptions = { readonly scope?: string; readonly market?: string }

/** A parameter of an active scope, as it stands, with what the catalogue says of it. */
export type OpenedParameter = { readonly scope: ScopeId; readonly spec: ParameterSpec; readonly live: LiveParameter }

/** Scopes that are active on chain, in the order of activation. */
export async function activeScopes({ client, deployment }: ActNode): Promise<ScopeId[]> {
  return listScopes({ client, deployment, block: (await readBlock(client)).number }, 'scope')
}

/** Every parameter of the active scopes. */
export async function activeParameters(node: ActNode): Promise<{ readonly scope: ScopeId; readonly id: string }[]> {
  const scopes = await activeScopes(node)
  return scopes.flatMap((scope) => {
    const { kind } = parseScopeId(scope)
    return node.catalogue.parameters.filter(({ scopeKind }) => scopeKind === kind).map(({ id }) => ({ scope, id }))
  })
}

/**
 * The parameter meant on the command line, read from the chain.
 *
 * @throws {CliError} Nothing or more than one fits.
 */
export async function openParameter(
  node: ActNode,
  name: string | undefined,
  { scope, market }: ParameterOptions,
): Promise<OpenedParameter> {
  if (name === undefined) throw usageError('No parameter is named.', 'Give its id, for example margin.priceScanRange.')
  const found = findParameter(await activeParameters(node), name, scope ?? market)
  return readOpened(node, found.scope, found.id)
}

/** @throws {CliError} The catalogue has no such parameter. */
export async function readOpened(node: ActNode, scope: ScopeId, id: string): Promise<OpenedParameter> {
  const spec = node.catalogue.parameters.find((each) => each.id === id)
  if (spec === undefined) throw usageError(`The catalogue ${node.catalogue.name} has no parameter ${id}.`)
  return { scope, spec, live: await readParameter(node.client, node.deployment, scope, spec.id) }
}

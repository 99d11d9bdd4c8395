import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Catalogue, Deployment, Json, ParameterSpec, ParamId } from '../../risk/types/index.ts'
import { notFoundError } from '../kit/CliError.ts'
import { projectRoot } from './projectRoot.ts'

/** Where catalogues are looked for, relative to the project's root. */
export const cataloguesFolder = join('config', 'catalogues')

/**
 * The catalogue a deployment was made with, found by its hash: units and descriptions are not on chain.
 *
 * @param folders - Looked into before config/catalogues, for example a run folder.
 * @throws {CliError} No file has that hash.
 */
export function openCatalogue({ catalogue: hash }: Pick<Deployment, 'catalogue'>, folders: readonly string[] = []): Catalogue {
  const files = [...folders, join(projectRoot, cataloguesFolder)]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(folder, name)),
    )
  for (const file of files) {
    const parsed = parse(readFileSync(file, 'utf8'))
    if (parsed !== undefined && contentHash(canonicalJson(parsed as unknown as Json)) === hash) return parsed
  }
  throw notFoundError(`No catalogue with hash ${hash} was found.`, `Put the catalogue of this deployment into ${cataloguesFolder}.`, {
    hash,
  })
}

/** What the catalogue says of one parameter. */
export function specOf(catalogue: Catalogue, id: ParamId): ParameterSpec {
  const spec = catalogue.parameters.find((candidate) => candidate.id === id)
  if (spec === undefined) throw notFoundError(`The catalogue ${catalogue.name} has no parameter ${id}.`)
  return spec
}

function parse(text: string): Catalogue | undefined {
  try {
    const value = JSON.parse(text) as { readonly schema?: unknown } | null
    return value?.schema === 'ballast.catalogue' ? (value as unknown as Catalogue) : undefined
  } catch {
    return undefined
  }
}

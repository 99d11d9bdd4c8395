import { resolve } from 'node:path'
import type { AdapterKind } from '../../chain/adapters/index.ts'
import type { Address } from '../../risk/types/index.ts'
import { readJson } from '../context/readJson.ts'
import type { AdapterUnit } from './parseAdapterSettings.ts'

/** What `adapter deploy` leaves for the commands after it. */
export type AdapterRecord = {
  readonly schema: 'ballast.adapterRecord'
  readonly version: 1
  readonly chainId: number
  readonly kind: AdapterKind
  readonly protocol: string
  readonly adapter: Address
  readonly units: readonly AdapterUnit[]
}

/**
 * Reads a record.
 *
 * @throws {CliError} The file is missing or another document.
 */
export function readAdapterRecord(file: string, folder: string): AdapterRecord {
  return readJson<AdapterRecord>(
    resolve(folder, file),
    'ballast.adapterRecord',
    1,
    '`ballast adapter deploy --record FILE --send` writes it.',
  )
}

import { canonicalJson } from '../../risk/hash/index.ts'
import type { Adjustment, Json, RoundRecord } from '../../risk/types/index.ts'

type AdjustmentJson = Omit<Adjustment, 'impactNotional'> & { readonly impactNotional: string }

/** A round as canonical JSON: the one bigint, `impactNotional`, travels as a decimal string. */
export function roundToJson(record: RoundRecord): string {
  const { adjustment } = record
  const plain = { ...record, adjustment: adjustment && { ...adjustment, impactNotional: adjustment.impactNotional.toString() } }
  return canonicalJson(plain as unknown as Json)
}

/** Reads what {@link roundToJson} wrote; only for text this program stored itself. */
export function roundFromJson(text: string): RoundRecord {
  const plain = JSON.parse(text) as Omit<RoundRecord, 'adjustment'> & { readonly adjustment: AdjustmentJson | null }
  const { adjustment } = plain
  return { ...plain, adjustment: adjustment && { ...adjustment, impactNotional: BigInt(adjustment.impactNotional) } }
}

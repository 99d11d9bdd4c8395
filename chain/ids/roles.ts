import { keccak256, stringToHex, zeroHash } from 'viem'
import type { Hash } from '../../risk/types/index.ts'

const roleHash = (name: string): Hash => keccak256(stringToHex(name))

/** Roles on the parameter store; `admin` is the DAO. */
export const storeRoles = {
  admin: zeroHash as Hash,
  mandate: roleHash('MANDATE_ROLE'),
  stewards: roleHash('STEWARDS_ROLE'),
  veto: roleHash('VETO_ROLE'),
  recorder: roleHash('RECORDER_ROLE'),
  /** A person: calls the stewards module and co-signs rounds. */
  steward: roleHash('STEWARD_ROLE'),
  /** Lists option chains. */
  lister: roleHash('LISTER_ROLE'),
} as const
export type StoreRole = keyof typeof storeRoles

/** Roles on the timelock; `admin` is the timelock itself once set-up has ended. */
export const timelockRoles = {
  admin: zeroHash as Hash,
  proposer: roleHash('PROPOSER_ROLE'),
  executor: roleHash('EXECUTOR_ROLE'),
  canceller: roleHash('CANCELLER_ROLE'),
} as const
export type TimelockRole = keyof typeof timelockRoles

/** Name of a role for people; its hash when it is none of ours. */
export function roleName(role: Hash): string {
  const known = Object.entries({ ...timelockRoles, ...storeRoles }).find(([, hash]) => hash === role)
  return known?.[0] ?? role
}

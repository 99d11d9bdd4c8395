import type {
  Address,
  Deployment,
  Hash,
  Hex,
  ParameterEntry,
  ParameterSpec,
  ParamId,
  ScopeId,
  UnixSeconds,
} from '../../risk/types/index.ts'

/** One event of a protocol contract, as the node delivers it. */
export type ProtocolLog = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
  readonly block: number
  readonly blockHash: Hash
  readonly time: UnixSeconds
  readonly transaction: Hash
  /** Position in the block. */
  readonly logIndex: number
}

/** A transaction that brought a round. */
export type ProtocolTransaction = {
  readonly hash: Hash
  readonly block: number
  readonly from: Address
  readonly to: Address | null
  readonly input: Hex
}

/** A signature by a contract, which only the chain can judge: what the contract answered (ERC-1271) in the block of the round. */
export type ContractSignature = { readonly digest: Hash; readonly signer: Address; readonly valid: boolean }

/** A history entry as the store itself returns it. */
export type StoredEntry = { readonly scope: ScopeId; readonly id: ParamId; readonly index: number; readonly entry: ParameterEntry }

/** Catalogue entry as the store itself returns it; texts for people are not on chain. */
export type StoredSpec = Omit<ParameterSpec, 'unit' | 'description'>

/** Live value of a parameter as the store itself returns it at the last block. */
export type StoredValue = { readonly scope: ScopeId; readonly id: ParamId; readonly value: number; readonly effective: number }

/**
 * The chain as far as the protocol is concerned, from its deployment to one block: everything an auditor needs, and nothing an engine said.
 * Read from a node, or from the file that a run or an export left.
 */
export type ChainLog = {
  readonly chainId: number
  readonly deployment: Deployment
  /** The last block read. */
  readonly until: { readonly block: number; readonly hash: Hash; readonly time: UnixSeconds }
  /** Head of the history at that block, as the store returns it: 28 bytes, and the number of links. */
  readonly head: { readonly hash: Hex; readonly count: number }
  readonly specs: readonly StoredSpec[]
  readonly logs: readonly ProtocolLog[]
  readonly transactions: readonly ProtocolTransaction[]
  readonly contractSignatures: readonly ContractSignature[]
  readonly entries: readonly StoredEntry[]
  readonly values: readonly StoredValue[]
}

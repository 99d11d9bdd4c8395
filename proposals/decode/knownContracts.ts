import { type Abi, type AbiFunction, erc20Abi, multicall3Abi, parseAbi, toFunctionSelector, toFunctionSignature } from 'viem'
import { type ClearingContract, type ClearingDeployment, clearingContracts } from '../../chain/clearing/index.ts'
import * as generated from '../../chain/generated/index.ts'
import type { Address, Deployment, Hex } from '../../risk/types/index.ts'

/** A contract whose address and interface we know. */
export type KnownContract = { readonly name: string; readonly abi: Abi }

/** Contracts by lower-case address. */
export type ContractDirectory = ReadonlyMap<string, KnownContract>

export const safeAbi = parseAbi([
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) payable returns (bool)',
  'function execTransactionFromModule(address to, uint256 value, bytes data, uint8 operation) returns (bool)',
])
export const multiSendAbi = parseAbi(['function multiSend(bytes transactions) payable'])
export const multicallAbi = parseAbi(['function multicall(bytes[] data) returns (bytes[])'])

const byDeployment = {
  token: generated.ballastTokenAbi,
  governor: generated.ballastGovernorAbi,
  timelock: generated.timelockAbi,
  guardianTerm: generated.guardianTermAbi,
  riskParameters: generated.riskParametersAbi,
  controllerMandate: generated.controllerMandateAbi,
  looseningVeto: generated.looseningVetoAbi,
  riskStewards: generated.riskStewardsAbi,
} as const

const byClearing: Readonly<Record<ClearingContract, unknown>> = {
  priceFeed: generated.priceFeedAbi,
  surfaceOracle: generated.surfaceOracleAbi,
  settlementOracle: generated.settlementOracleAbi,
  chains: generated.chainsAbi,
  collaterals: generated.collateralsAbi,
  margin: generated.marginAbi,
  ledger: generated.ledgerAbi,
  vault: generated.vaultAbi,
  trading: generated.tradingAbi,
  settlement: generated.settlementAbi,
  liquidation: generated.liquidationAbi,
  insuranceFund: generated.insuranceFundAbi,
  deleveraging: generated.deleveragingAbi,
}

/** What a directory is made of besides the governed deployment. */
export type DirectoryExtras = {
  /** Where the contract of post-conditions stands. */
  readonly postConditions?: Address
  /** Deployments that a proposal hands over to. */
  readonly successors?: readonly Deployment[]
  /** Clearing on top of the deployment. */
  readonly clearing?: ClearingDeployment | null
  /** Contracts whose interface a draft brings along. */
  readonly contracts?: readonly (KnownContract & { readonly address: Address })[]
}

/** The contracts of a deployment, of its successors, and what a draft adds; the protocol's own names win. */
export function buildDirectory(
  deployment: Deployment,
  { postConditions, successors = [], clearing = null, contracts = [] }: DirectoryExtras = {},
): ContractDirectory {
  const entries = [
    ...contracts,
    ...successors.flatMap((each) => contractsOf(each, 'successor.')),
    ...(postConditions === undefined ? [] : [{ address: postConditions, name: 'postConditions', abi: generated.postConditionsAbi as Abi }]),
    ...(clearing === null
      ? []
      : clearingContracts.map((name) => ({ address: clearing.contracts[name], name, abi: byClearing[name] as Abi }))),
    ...contractsOf(deployment, ''),
  ]
  return new Map(entries.map(({ address, name, abi }) => [address.toLowerCase(), { name, abi }]))
}

function contractsOf({ contracts }: Deployment, prefix: string): (KnownContract & { readonly address: Address })[] {
  return Object.entries(byDeployment).flatMap(([name, abi]) => {
    const address = contracts[name as keyof typeof byDeployment]
    return address === null ? [] : [{ address, name: `${prefix}${name}`, abi: abi as Abi }]
  })
}

const functionsOf = (abi: Abi): AbiFunction[] => abi.filter((item): item is AbiFunction => item.type === 'function')

/** Every function we know by selector; more than one under a selector is a collision. */
const bySelector: ReadonlyMap<Hex, readonly AbiFunction[]> = (() => {
  const found = new Map<Hex, Map<string, AbiFunction>>()
  for (const abi of [...Object.values(generated), erc20Abi, multicall3Abi, safeAbi, multiSendAbi, multicallAbi]) {
    for (const each of functionsOf(abi as Abi)) {
      const selector = toFunctionSelector(each)
      const same = found.get(selector) ?? new Map<string, AbiFunction>()
      found.set(selector, same.set(toFunctionSignature(each), each))
    }
  }
  return new Map([...found].map(([selector, same]) => [selector, [...same.values()]]))
})()

/** The function of a contract that a selector names; undefined when it has none. */
export function functionOf({ abi }: KnownContract, selector: Hex): AbiFunction | undefined {
  return functionsOf(abi).find((each) => toFunctionSelector(each) === selector)
}

/** Functions of every interface we know under a selector: guesses, for a contract that we do not know. */
export function guessFunctions(selector: Hex): readonly AbiFunction[] {
  return bySelector.get(selector) ?? []
}

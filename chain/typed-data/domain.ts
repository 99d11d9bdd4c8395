import type { PublicClient } from 'viem'
import type { Address } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'

/** EIP-712 domain: what a signature is good for and where. */
export type Domain = { readonly name: string; readonly version: string; readonly chainId: number; readonly verifyingContract: Address }

/** Names and version that our contracts pass to EIP-712; {readDomain} reads them from the chain. */
export const domainNames = {
  chains: 'Ballast Chains',
  controllerMandate: 'Ballast ControllerMandate',
  looseningVeto: 'Ballast LooseningVeto',
  riskStewards: 'Ballast RiskStewards',
  surfaceOracle: 'Ballast SurfaceOracle',
  trading: 'Ballast Trading',
} as const
const VERSION = '1'

/** Domain of one of our contracts, without asking the chain. */
export function domainOf(contract: keyof typeof domainNames, chainId: number, address: Address): Domain {
  return { name: domainNames[contract], version: VERSION, chainId, verifyingContract: address }
}

const eip712DomainAbi = [
  {
    type: 'function',
    name: 'eip712Domain',
    stateMutability: 'view',
    inputs: [],
    outputs: [
      { name: 'fields', type: 'bytes1' },
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
      { name: 'salt', type: 'bytes32' },
      { name: 'extensions', type: 'uint256[]' },
    ],
  },
] as const

/** Domain that a contract reports (ERC-5267). Use it for governors and tokens of others, whose name we do not know. */
export async function readDomain(client: PublicClient, address: Address): Promise<Domain> {
  const [, name, version, chainId, verifyingContract] = await withChainErrors(
    () => client.readContract({ address, abi: eip712DomainAbi, functionName: 'eip712Domain' }),
    address,
  )
  return { name, version, chainId: Number(chainId), verifyingContract }
}

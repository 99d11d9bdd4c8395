import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Artifact, ArtifactResolver } from '@nomicfoundation/ignition-core'
import { InvalidInputError } from '../../risk/errors/index.ts'

/** Where the compiler puts each contract that is deployed from here. */
const folders: Readonly<Record<string, string>> = {
  RiskParameters: 'contracts/parameters',
  ControllerMandate: 'contracts/parameters',
  LooseningVeto: 'contracts/parameters',
  RiskStewards: 'contracts/parameters',
  GuardianTerm: 'contracts/governance',
  BallastToken: 'contracts/governance',
  BallastGovernor: 'contracts/governance',
  PullAdapter: 'contracts/adapters',
  MirrorAdapter: 'contracts/adapters',
  PushAdapter: 'contracts/adapters',
  TimelockController: '@openzeppelin/contracts/governance',
  PriceFeed: 'contracts/oracle',
  SurfaceOracle: 'contracts/oracle',
  SettlementOracle: 'contracts/oracle',
  LadderJudge: 'contracts/margin',
  VanillaPayoff: 'contracts/payoffs',
  DigitalPayoff: 'contracts/payoffs',
  Chains: 'contracts/margin',
  MarketMargin: 'contracts/margin',
  Margin: 'contracts/margin',
  Collaterals: 'contracts/clearing',
  Ledger: 'contracts/clearing',
  Vault: 'contracts/clearing',
  Trading: 'contracts/clearing',
  Settlement: 'contracts/clearing',
  InsuranceFund: 'contracts/insurance',
  Liquidation: 'contracts/liquidation',
  Deleveraging: 'contracts/insurance',
  RecordedPrice: 'contracts/local',
}

/**
 * Reads a compiled contract.
 *
 * @param artifacts - Folder of the compiler's artifacts.
 * @throws {InvalidInputError} It is not part of a deployment, or not compiled.
 */
export function readArtifact(artifacts: string, contractName: string): Artifact {
  const folder = folders[contractName]
  const path = join(artifacts, folder ?? '', `${contractName}.sol`, `${contractName}.json`)
  if (folder === undefined || !existsSync(path))
    throw new InvalidInputError({ argument: 'contract', got: contractName, limit: `compiled: one of ${Object.keys(folders).join(', ')}` })
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

/** What Ignition asks for compiled contracts. */
export function createArtifactResolver(artifacts: string): ArtifactResolver {
  return {
    loadArtifact: async (contractName) => readArtifact(artifacts, contractName),
    getBuildInfo: async () => undefined,
  }
}

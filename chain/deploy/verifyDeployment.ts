import type { Artifact } from '@nomicfoundation/ignition-core'
import { type PublicClient, zeroAddress } from 'viem'
import { canonicalJson } from '../../risk/hash/index.ts'
import type { Address, Deployment, Hex, Json } from '../../risk/types/index.ts'
import { decodeInvariant, decodeSpec } from '../codec/index.ts'
import { withChainErrors } from '../errors/index.ts'
import {
  ballastGovernorAbi,
  controllerMandateAbi,
  guardianTermAbi,
  looseningVetoAbi,
  riskParametersAbi,
  timelockAbi,
} from '../generated/index.ts'
import { assertChain, readBlock } from '../read/index.ts'
import { catalogueHash } from './applyDeployment.ts'
import { readArtifact } from './artifacts.ts'
import { readRoleChecks } from './readRoleChecks.ts'
import type { DeploymentSettings, NewGovernance } from './settings.ts'

/** One thing that must be so on chain. */
export type DeploymentCheck = { readonly subject: string; readonly expected: string; readonly actual: string; readonly holds: boolean }

const check = (subject: string, expected: unknown, actual: unknown): DeploymentCheck => ({
  subject,
  expected: String(expected),
  actual: String(actual),
  holds: String(expected) === String(actual),
})

/**
 * Compares a deployment with the local artifacts and settings: code (immutable values aside), roles, delays and limits, catalogue.
 *
 * @param deployer - Asked about every role by name, when known.
 */
export async function verifyDeployment(
  client: PublicClient,
  deployment: Deployment,
  settings: DeploymentSettings,
  artifacts: string,
  deployer: Address = '0x000000000000000000000000000000000000dEaD',
): Promise<DeploymentCheck[]> {
  await assertChain(client, deployment)
  const { number } = await readBlock(client)
  return withChainErrors(async () => [
    ...(await codeChecks(client, deployment, settings, artifacts, number)),
    ...(await settingChecks(client, deployment, settings, number)),
    ...(await catalogueChecks(client, deployment, settings, number)),
    ...(await readRoleChecks(client, deployment, deployer, settings.governance.kind === 'new', number)).map(
      ({ contract, role, account, expected, actual }) =>
        check(`${role} of ${account} on ${contract}`, expected ? 'held' : 'not held', actual ? 'held' : 'not held'),
    ),
  ])
}

async function codeChecks(
  client: PublicClient,
  { contracts }: Deployment,
  { governance }: DeploymentSettings,
  artifacts: string,
  blockNumber: bigint,
): Promise<DeploymentCheck[]> {
  const own = governance.kind === 'new'
  const deployed: [string, Address | null][] = [
    ['RiskParameters', contracts.riskParameters],
    ['GuardianTerm', contracts.guardianTerm],
    ['ControllerMandate', contracts.controllerMandate],
    ['LooseningVeto', contracts.looseningVeto],
    ['RiskStewards', contracts.riskStewards],
    ...(own
      ? ([
          ['BallastToken', contracts.token],
          ['BallastGovernor', contracts.governor],
          ['TimelockController', contracts.timelock],
        ] as [string, Address | null][])
      : []),
  ]
  return Promise.all(
    deployed.map(async ([name, address]) => {
      const code = address === null ? undefined : await client.getCode({ address, blockNumber })
      const same =
        code !== undefined && withoutImmutables(readArtifact(artifacts, name), code) === withoutImmutables(readArtifact(artifacts, name))
      return check(`code of ${name}`, 'as compiled', code === undefined ? 'none' : same ? 'as compiled' : 'different')
    }),
  )
}

/** Code with every immutable value zeroed, so that only what the compiler wrote is compared. */
function withoutImmutables(artifact: Artifact, code: string = artifact.deployedBytecode): string {
  const bytes = code.slice(2).split('')
  for (const places of Object.values(artifact.immutableReferences ?? {}))
    for (const { start, length } of places) bytes.fill('0', start * 2, (start + length) * 2)
  return bytes.join('')
}

async function settingChecks(
  client: PublicClient,
  deployment: Deployment,
  { protocol, governance }: DeploymentSettings,
  blockNumber: bigint,
): Promise<DeploymentCheck[]> {
  const { contracts } = deployment
  const store = { address: contracts.riskParameters, abi: riskParametersAbi, blockNumber } as const
  const mandate = { address: contracts.controllerMandate, abi: controllerMandateAbi, blockNumber } as const
  const veto = { address: contracts.looseningVeto, abi: looseningVetoAbi, blockNumber } as const
  const checks = [
    check('rule delay', protocol.ruleDelay, await client.readContract({ ...store, functionName: 'RULE_DELAY' })),
    check('undo window', protocol.undoWindow, await client.readContract({ ...store, functionName: 'UNDO_WINDOW' })),
    check('execution grace', protocol.executionGrace, await client.readContract({ ...store, functionName: 'EXECUTION_GRACE' })),
    check('longest validity', protocol.maxValidity, await client.readContract({ ...mandate, functionName: 'MAX_VALIDITY' })),
    check('submitter window', protocol.submitterWindow, await client.readContract({ ...mandate, functionName: 'SUBMITTER_WINDOW' })),
    check('sequencer', protocol.sequencer ?? zeroAddress, await client.readContract({ ...mandate, functionName: 'SEQUENCER' })),
    check('sequencer grace', protocol.sequencerGrace, await client.readContract({ ...mandate, functionName: 'SEQUENCER_GRACE' })),
    check('veto threshold', protocol.vetoThresholdBps, await client.readContract({ ...veto, functionName: 'THRESHOLD_BPS' })),
    check(
      'longest guardian term',
      protocol.maxGuardianTerm,
      await client.readContract({ address: contracts.guardianTerm, abi: guardianTermAbi, functionName: 'MAX_TERM', blockNumber }),
    ),
  ]
  return governance.kind === 'new' ? [...checks, ...(await governanceChecks(client, deployment, governance, blockNumber))] : checks
}

/** These settings can be changed by a vote, so a difference says that the file is older than the chain. */
async function governanceChecks(
  client: PublicClient,
  { contracts }: Deployment,
  governance: NewGovernance,
  blockNumber: bigint,
): Promise<DeploymentCheck[]> {
  const governor = { address: contracts.governor as Address, abi: ballastGovernorAbi, blockNumber } as const
  return [
    check('voting delay', governance.votingDelay, await client.readContract({ ...governor, functionName: 'votingDelay' })),
    check('voting period', governance.votingPeriod, await client.readContract({ ...governor, functionName: 'votingPeriod' })),
    check(
      'late quorum extension',
      governance.lateQuorumExtension,
      await client.readContract({ ...governor, functionName: 'lateQuorumVoteExtension' }),
    ),
    check(
      'proposal threshold',
      governance.proposalThreshold,
      await client.readContract({ ...governor, functionName: 'proposalThreshold' }),
    ),
    check('quorum percent', governance.quorumPercent, await client.readContract({ ...governor, functionName: 'quorumNumerator' })),
    check('governor’s guardian term', contracts.guardianTerm, await client.readContract({ ...governor, functionName: 'GUARDIAN_TERM' })),
    check(
      'timelock delay',
      governance.timelockDelay,
      await client.readContract({ address: contracts.timelock, abi: timelockAbi, functionName: 'getMinDelay', blockNumber }),
    ),
  ]
}

async function catalogueChecks(
  client: PublicClient,
  deployment: Deployment,
  { catalogue }: DeploymentSettings,
  blockNumber: bigint,
): Promise<DeploymentCheck[]> {
  const store = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber } as const
  const specs = (await client.readContract({ ...store, functionName: 'catalogue' })).map(decodeSpec)
  const invariants = (await client.readContract({ ...store, functionName: 'jointInvariants' })).map(decodeInvariant)
  const json = (value: unknown): Hex | string => canonicalJson(value as Json)
  return [
    check('hash of the catalogue', catalogueHash(catalogue), deployment.catalogue),
    check('ids of the catalogue', catalogue.parameters.map(({ id }) => id).join(' '), specs.map(({ id }) => id).join(' ')),
    ...catalogue.parameters.map(({ unit: _, description: __, ...spec }, i) =>
      check(`catalogue entry ${spec.id}`, json(spec), json(specs[i] ?? null)),
    ),
    check('joint invariants', json(catalogue.invariants), json(invariants)),
  ]
}

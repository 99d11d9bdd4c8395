import { buildModule, type IgnitionModuleBuilder, type NamedArtifactContractDeploymentFuture } from '@nomicfoundation/ignition-core'
import { zeroAddress } from 'viem'
import { encodeInvariant, encodeSpec } from '../codec/index.ts'
import { storeRoles, timelockRoles } from '../ids/index.ts'
import type { DeploymentSettings, NewGovernance } from './settings.ts'

/**
 * The order of set-up, as an Ignition module: every step is journalled, so that an interrupted deployment continues where it stopped.
 * The deployer holds the admin roles only to hand them on; its last calls give them up. Engines, lanes, scopes and values come by a vote.
 */
export function buildProtocolModule({ catalogue, protocol, governance }: DeploymentSettings) {
  return buildModule('Ballast', (m) => {
    const deployer = m.getAccount(0)
    const specs = catalogue.parameters.map(encodeSpec)
    const invariants = catalogue.invariants.map(encodeInvariant)
    const riskParameters = m.contract('RiskParameters', [
      deployer,
      specs,
      invariants,
      protocol.ruleDelay,
      protocol.undoWindow,
      protocol.executionGrace,
    ])
    const guardianTerm = m.contract('GuardianTerm', [riskParameters, protocol.maxGuardianTerm])
    const own = governance.kind === 'new' ? addGovernance(m, governance, guardianTerm) : null
    const owner = own?.timelock ?? (governance.kind === 'existing' ? governance.owner : zeroAddress)
    const token = own?.token ?? (governance.kind === 'existing' ? (governance.token ?? zeroAddress) : zeroAddress)

    const controllerMandate = m.contract('ControllerMandate', [
      riskParameters,
      guardianTerm,
      protocol.maxValidity,
      protocol.submitterWindow,
      protocol.sequencer ?? zeroAddress,
      protocol.sequencerGrace,
    ])
    const looseningVeto = m.contract('LooseningVeto', [riskParameters, guardianTerm, token, protocol.vetoThresholdBps])
    const riskStewards = m.contract('RiskStewards', [riskParameters, controllerMandate, guardianTerm])

    const grants = [
      m.call(riskParameters, 'grantRole', [storeRoles.mandate, controllerMandate], { id: 'grantMandate' }),
      m.call(riskParameters, 'grantRole', [storeRoles.veto, looseningVeto], { id: 'grantVeto' }),
      m.call(riskParameters, 'grantRole', [storeRoles.stewards, riskStewards], { id: 'grantStewards' }),
      m.call(riskParameters, 'grantRole', [storeRoles.recorder, controllerMandate], { id: 'grantRecorderMandate' }),
      m.call(riskParameters, 'grantRole', [storeRoles.recorder, looseningVeto], { id: 'grantRecorderVeto' }),
      m.call(riskParameters, 'grantRole', [storeRoles.recorder, riskStewards], { id: 'grantRecorderStewards' }),
      m.call(riskParameters, 'grantRole', [storeRoles.recorder, guardianTerm], { id: 'grantRecorderTerm' }),
    ]
    const handed = m.call(riskParameters, 'grantRole', [storeRoles.admin, owner], { id: 'grantAdmin', after: grants })
    m.call(riskParameters, 'renounceRole', [storeRoles.admin, deployer], { id: 'renounceAdmin', after: [handed] })
    return { riskParameters, guardianTerm, controllerMandate, looseningVeto, riskStewards, ...own }
  })
}

function addGovernance(
  m: IgnitionModuleBuilder,
  governance: NewGovernance,
  guardianTerm: NamedArtifactContractDeploymentFuture<'GuardianTerm'>,
) {
  const deployer = m.getAccount(0)
  const token = m.contract('BallastToken', [governance.allocations.map(({ account, amount }) => ({ account, amount }))])
  // Anyone may execute what has been queued and has waited: nobody can hold a passed vote back.
  const timelock = m.contract('TimelockController', [governance.timelockDelay, [], [zeroAddress], deployer])
  const { name, votingDelay, votingPeriod, lateQuorumExtension, proposalThreshold, quorumPercent } = governance
  const configuration = { name, votingDelay, votingPeriod, lateQuorumExtension, proposalThreshold, quorumPercent }
  const governor = m.contract('BallastGovernor', [configuration, token, timelock, guardianTerm])
  const grants = [
    m.call(timelock, 'grantRole', [timelockRoles.proposer, governor], { id: 'grantProposer' }),
    m.call(timelock, 'grantRole', [timelockRoles.canceller, governor], { id: 'grantCanceller' }),
  ]
  m.call(timelock, 'renounceRole', [timelockRoles.admin, deployer], { id: 'renounceTimelockAdmin', after: grants })
  return { token, timelock, governor }
}

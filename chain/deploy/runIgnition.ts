import {
  type DeploymentResult,
  deploy,
  type IgnitionModule,
  type IgnitionModuleResult,
  trackTransaction,
  wipe,
} from '@nomicfoundation/ignition-core'
import { keccak256, type LocalAccount, type PublicClient } from 'viem'
import type { Hex } from '../../risk/types/index.ts'
import { createArtifactResolver } from './artifacts.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createSigningProvider } from './signingProvider.ts'

export type IgnitionRun = {
  readonly client: PublicClient
  readonly deployer: LocalAccount
  readonly chainId: number
  readonly module: IgnitionModule<string, string, IgnitionModuleResult<string>>
  readonly artifacts: string
  /** Null: nothing is kept, an interrupted run starts afresh. */
  readonly journal: string | null
  readonly confirmations: number | undefined
}

/** Ignition's code for a journalled send whose hash it never learnt. */
const TRANSACTION_LOST = 'HHE10410'
type LostTransaction = { readonly errorCode: string; readonly messageArguments: { readonly futureId: string; readonly nonce: number } }
const isLost = (error: unknown): error is LostTransaction => (error as Partial<LostTransaction>).errorCode === TRANSACTION_LOST

/** Runs the module, first settling what an interrupted run left behind. */
export async function runIgnition(run: IgnitionRun): Promise<DeploymentResult> {
  const outbox = run.journal === null ? null : createOutbox(run.journal)
  const settled = new Set<string>()
  for (;;) {
    try {
      return await start(run, outbox)
    } catch (error) {
      if (!isLost(error) || run.journal === null || outbox === null || settled.has(error.messageArguments.futureId)) throw error
      settled.add(error.messageArguments.futureId)
      await settle(run, run.journal, outbox, error.messageArguments)
    }
  }
}

function start(
  { client, deployer, chainId, module, artifacts, journal, confirmations }: IgnitionRun,
  outbox: Outbox | null,
): Promise<DeploymentResult> {
  return deploy({
    config: {
      blockPollingInterval: confirmations === 1 ? 20 : 1_000,
      ...(confirmations !== undefined && { requiredConfirmations: confirmations }),
    },
    artifactResolver: createArtifactResolver(artifacts),
    provider: createSigningProvider(client, deployer, chainId, outbox),
    ignitionModule: module,
    deploymentParameters: {},
    accounts: [deployer.address],
    ...(journal !== null && { deploymentDir: journal }),
  })
}

/** A send that was cut off: broadcast what was signed, or, when nothing had been signed yet, forget the step so that it is made afresh. */
async function settle(
  run: IgnitionRun,
  journal: string,
  outbox: Outbox,
  { futureId, nonce }: LostTransaction['messageArguments'],
): Promise<void> {
  const signed = outbox.find(nonce)
  if (signed === undefined) {
    await wipe(journal, createArtifactResolver(run.artifacts), futureId)
    return
  }
  const hash = keccak256(signed)
  await broadcast(run.client, signed, hash)
  await trackTransaction(journal, hash, createSigningProvider(run.client, run.deployer, run.chainId, outbox), run.confirmations)
}

/** Nodes refuse what they already have, each in its own words: what counts is that they know it afterwards. */
async function broadcast(client: PublicClient, signed: Hex, hash: Hex): Promise<void> {
  try {
    await client.sendRawTransaction({ serializedTransaction: signed })
  } catch (error) {
    const known = await client.getTransaction({ hash }).catch(() => null)
    if (known === null) throw error
  }
}

import type { LocalAccount } from 'viem'
import { ContractRevertError } from '../../chain/errors/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import { createChainReader } from '../../chain/read/index.ts'
import { adjustmentDigest, domainOf } from '../../chain/typed-data/index.ts'
import { createChainWriter } from '../../chain/write/index.ts'
import type {
  Adjustment,
  Catalogue,
  Deployment,
  ItemOutcome,
  RoundSignature,
  ScopeId,
  Signer,
  UnixSeconds,
  World,
} from '../../risk/types/index.ts'
import { needsSteward } from '../engine/needsSteward.ts'

export type ChainWorldOptions = {
  readonly local: LocalChain
  readonly deployment: Deployment
  readonly catalogue: Catalogue
  /** As many as the mandate's threshold. */
  readonly signers: readonly Signer[]
  readonly sender: LocalAccount
  /** Co-signs rounds that need a steward; null leaves them to fail. */
  readonly steward: Signer | null
}

/**
 * Real contracts on a local chain as the world of a replay: the same rounds that engines would send, signed and sent inside this process.
 *
 * @throws from its functions: {ContractRevertError} where the mandate refuses a round.
 */
export function createChainWorld({ local, deployment, catalogue, signers, sender, steward }: ChainWorldOptions): World {
  const reader = createChainReader(local.client, deployment, catalogue)
  const writer = createChainWriter({ client: local.client, wallet: local.wallet(sender), deployment })
  const domain = domainOf('controllerMandate', deployment.chainId, deployment.contracts.controllerMandate)

  const moveTo = async (time: UnixSeconds): Promise<void> => {
    if ((await local.time()) < time) await local.mine(time)
  }
  const sign = async (signer: Signer, adjustment: Adjustment): Promise<RoundSignature> => ({
    signer: signer.address,
    data: await signer.signDigest(adjustmentDigest(adjustment, domain)),
  })
  return {
    readScope: async (scope, time) => {
      await moveTo(time)
      return reader.readScope(scope)
    },
    apply: async (adjustment, time) => {
      await moveTo(time)
      const { lane } = await reader.readScope(adjustment.scope)
      const signatures = await Promise.all(signers.map((signer) => sign(signer, adjustment)))
      const cosign = needsSteward(lane, adjustment) !== null && steward !== null ? await sign(steward, adjustment) : null
      const { outcomes } = await writer.submitRound(adjustment, signatures, cosign)
      return inItemOrder(adjustment, outcomes)
    },
    executeDue: async (scope, time) => {
      await moveTo(time)
      return executeDue(scope)
    },
  }

  /** A group executes together, so the chain is read again after each; what the rules refuse stays where it is. */
  async function executeDue(scope: ScopeId): Promise<readonly ItemOutcome[]> {
    const outcomes: ItemOutcome[] = []
    const tried = new Set<string>()
    for (;;) {
      const { parameters, lane, time } = await reader.readScope(scope)
      const due = parameters.find(({ id, pending, state }) => {
        const stands = pending !== null && pending.historyLength === state.historyLength && pending.epoch === lane.epoch
        return stands && pending.eta <= time && time <= pending.expiry && lane.powers.executes && !tried.has(id)
      })
      if (due === undefined) return outcomes
      tried.add(due.id)
      try {
        outcomes.push(...(await writer.executeLoosening(scope, due.id)).outcomes)
      } catch (error) {
        if (!(error instanceof ContractRevertError)) throw error
      }
    }
  }
}

function inItemOrder(adjustment: Adjustment, outcomes: readonly ItemOutcome[]): ItemOutcome[] {
  const place = (outcome: ItemOutcome): number => adjustment.items.findIndex(({ id }) => id === outcome.id)
  return [...outcomes].sort((a, b) => place(a) - place(b))
}

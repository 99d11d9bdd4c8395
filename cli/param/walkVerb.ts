import type { Command } from 'commander'
import { decodeFunctionResult } from 'viem'
import { decodeValue } from '../../chain/codec/index.ts'
import { ContractRevertError, withChainErrors } from '../../chain/errors/index.ts'
import { controllerMandateAbi } from '../../chain/generated/index.ts'
import { encodeScopeId } from '../../chain/ids/index.ts'
import { buildWalk, type Call } from '../../chain/write/index.ts'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import { addTimedActorOptions } from '../act/actorOptions.ts'
import { type ActNode, openActNode } from '../act/openActNode.ts'
import { advanceTo } from '../act/openActor.ts'
import { type OpenedParameter, openParameter, type ParameterOptions } from '../act/openParameter.ts'
import { addParameterOptions } from '../act/parameterOptions.ts'
import { type PerformOptions, perform } from '../act/perform.ts'
import { defineCommand } from '../kit/defineCommand.ts'
import type { Terminal } from '../kit/Terminal.ts'
import { isoTime } from '../kit/time.ts'
import { humanAndRaw, relativeChange } from '../kit/values.ts'

/** `ballast param walk`. */
export function walkVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'walk',
      summary: 'dead-man: after a long silence of the lane, move a parameter one step toward its tighter baseline; anyone may',
      examples: [
        { run: 'param walk priceScanRange --market ETH', what: 'whether it may be walked, and how far' },
        { run: 'param walk priceScanRange --market ETH --send', what: 'after a question' },
      ],
    },
    (command) => addTimedActorOptions(addParameterOptions(command)),
    async (args, options: PerformOptions & ParameterOptions, context) => {
      const node = await openActNode(options, context)
      const opened = await openParameter(node, args[0], options)
      const { scope, spec, live } = opened
      const silentAt = await readSilentAt(node, opened)
      if (options.advance === true && options.send === true) await advanceTo(silentAt, node, context)
      const call = buildWalk(node.deployment, scope, spec.id)
      const shown = (value: number): string => humanAndRaw(value, spec.unit)
      await perform(
        async ({ address }) => {
          const value = await readStep(node, call, address)
          return {
            name: 'walk',
            call,
            sentence: `Walk ${spec.id} of ${scope} toward its baseline ${shown(live.rule.baseline)}`,
            facts: { scope, id: spec.id, value },
            changes:
              value === null
                ? []
                : [`${spec.id}: ${shown(live.state.value)} → ${shown(value)}, ${relativeChange(live.state.value, value)}`],
            may: async () =>
              silentAt === null
                ? `The lane of ${scope} was never opened; nothing can be walked there.`
                : `Anyone may once the lane has been silent until ${isoTime(silentAt)}, one step in each cooldown while the baseline is tighter; it is ${shown(live.rule.baseline)}, the value ${shown(live.state.value)}.`,
            done: `${spec.id} of ${scope} walked${value === null ? '' : ` to ${shown(value)}`}`,
          }
        },
        options,
        node,
        context,
      )
    },
  )
}

/** Second at which the lane has been silent for long enough; null where no lane was opened. */
async function readSilentAt({ client, deployment }: ActNode, { scope }: OpenedParameter): Promise<UnixSeconds | null> {
  const at = { address: deployment.contracts.controllerMandate, abi: controllerMandateAbi } as const
  const args = [encodeScopeId(scope)] as const
  const [lane, settings] = await withChainErrors(() =>
    Promise.all([
      client.readContract({ ...at, functionName: 'lane', args }),
      client.readContract({ ...at, functionName: 'settingsOf', args }),
    ]),
  )
  return lane.mode === 0 ? null : lane.heartbeatAt + settings.deadManTimeout
}

/** The value after one step; null where the contract refuses, which the simulation of the act then tells. */
async function readStep({ client }: ActNode, { to, data }: Call, from: Address): Promise<number | null> {
  try {
    const { data: answer = '0x' } = await withChainErrors(() => client.call({ account: from, to, data }), to)
    return decodeValue(decodeFunctionResult({ abi: controllerMandateAbi, functionName: 'walk', data: answer }))
  } catch (error) {
    if (error instanceof ContractRevertError) return null
    throw error
  }
}

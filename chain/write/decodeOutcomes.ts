import { type Log, type ParseEventLogsReturnType, parseEventLogs } from 'viem'
import { type Deployment, type Hash, type ItemOutcome, rejections, type ScopeId } from '../../risk/types/index.ts'
import { decodeInteger, decodeValue } from '../codec/index.ts'
import { controllerMandateAbi, riskParametersAbi } from '../generated/index.ts'
import { decodeParamId, decodeScopeId, fromCode } from '../ids/index.ts'

const isFrom =
  (address: string) =>
  (log: Log): boolean =>
    log.address.toLowerCase() === address.toLowerCase()

const outcomeEvents = ['ParameterUpdated', 'LooseningPended', 'ItemShadowed', 'ItemRejected'] as const
type OutcomeEvent = ParseEventLogsReturnType<typeof riskParametersAbi, [...typeof outcomeEvents], true>[number]

/** What became of each item of a round, in the order of the events of its receipt. */
export function decodeOutcomes(deployment: Deployment, logs: readonly Log[]): ItemOutcome[] {
  const own = logs.filter(isFrom(deployment.contracts.riskParameters))
  return parseEventLogs({ abi: riskParametersAbi, logs: own, eventName: [...outcomeEvents] }).map(decodeOutcome)
}

function decodeOutcome(event: OutcomeEvent): ItemOutcome {
  const id = decodeParamId(event.args.id)
  switch (event.eventName) {
    case 'ParameterUpdated':
      return { kind: 'applied', id, previous: decodeValue(event.args.previous), value: decodeValue(event.args.value) }
    case 'LooseningPended':
      return { kind: 'pended', id, previous: decodeValue(event.args.current), target: decodeValue(event.args.target), eta: event.args.eta }
    case 'ItemShadowed':
      return { kind: 'shadowed', id, previous: decodeValue(event.args.current), value: decodeValue(event.args.proposed) }
    case 'ItemRejected': {
      const code = fromCode(rejections, event.args.code)
      const { current, proposed, limit } = event.args
      return { kind: 'rejected', id, current: decodeValue(current), proposed: decodeValue(proposed), code, limit: decodeInteger(limit) }
    }
  }
}

/** A round that the mandate accepted, as its event tells it. */
export type AcceptedRound = {
  readonly scope: ScopeId
  readonly round: number
  readonly digest: Hash
  readonly applied: number
  readonly pended: number
  readonly rejected: number
}

/** Rounds accepted in a transaction. */
export function decodeAcceptedRounds(deployment: Deployment, logs: readonly Log[]): AcceptedRound[] {
  const own = logs.filter(isFrom(deployment.contracts.controllerMandate))
  return parseEventLogs({ abi: controllerMandateAbi, logs: own, eventName: 'RoundAccepted' }).map(({ args }) => ({
    scope: decodeScopeId(args.scope),
    round: args.round,
    digest: args.digest,
    applied: args.applied,
    pended: args.pended,
    rejected: args.rejected,
  }))
}

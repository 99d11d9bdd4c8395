import type { Check } from './Check.ts'

/** Powers: who may do what, how long everything waits, who can stop it. */
const isPower = (path: string): boolean =>
  /^(successor:)?(role\/|governor\/|timelock\/|guardian\/)/.test(path) ||
  /^(successor:)?(mandate\/(threshold|engines)|clearing\/surface\/(threshold|signers))$/.test(path)
/** Calls by which a draft states a change of power in words. */
const stating: readonly string[] = ['setEngines', 'setSigners', 'revokeEpoch', 'appoint']

/** Roles, delays, quorum, guardian and engines stay as they are, unless the draft says that they change. */
export const rolesAndDelays: Check = {
  name: 'roles-and-delays',
  title: 'Roles and delays stay, unless the draft states it.',
  check: ({ simulation, expectation, draft, calls, state }) => {
    const changed = simulation.changes.filter(({ path }) => isPower(path))
    const sentence = ({ path, before, after }: (typeof changed)[number]): string =>
      `${path}: ${before ?? 'none'} becomes ${after ?? 'none'}`
    const isStated = (path: string): boolean => {
      if (draft === null)
        return /\/(guardian|mandate|surface)\//.test(`/${path}`) && calls.some(({ functionName }) => stating.includes(functionName ?? ''))
      return (
        Object.hasOwn(draft.effects, path) ||
        (!/^(governor|timelock|role\/timelock)/.test(path) && expectation.changes.some((each) => each.path === path))
      )
    }
    const shortened = changed.filter(
      ({ path, before, after }) =>
        /(votingDelay|votingPeriod|minDelay|quorumNumerator|proposalThreshold)$/.test(path) &&
        before !== null &&
        after !== null &&
        BigInt(after) < BigInt(before),
    )
    return {
      info: changed.filter(({ path }) => isStated(path)).map((each) => `Stated: ${sentence(each)}.`),
      warnings: [
        ...shortened.map((each) => `Lowers a protection: ${sentence(each)}.`),
        ...(state.guardian.until <= state.time ? ['No guardian is in office: nobody can veto or cancel in time.'] : []),
      ],
      errors: changed.filter(({ path }) => !isStated(path)).map((each) => `${sentence(each)}, and the draft does not state it.`),
    }
  },
}

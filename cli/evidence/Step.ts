/**
 * The chain of evidence behind one value, from the stored word to the raw bars, in the order in which a reader follows it.
 * Names are stable: they are keys of the JSON form and of the tests.
 */
export const stepIds = [
  'word',
  'history',
  'round',
  'signatures',
  'engine',
  'configuration',
  'snapshot',
  'chain',
  'book',
  'group',
  'state',
  'fold',
  'report',
  'decision',
  'bounds',
  'target',
  'signals',
  'bars',
  'seed',
] as const
export type StepId = (typeof stepIds)[number]

/**
 * verified: recomputed here, and equal. failed: recomputed, and different; `expected` and `got` say how.
 * blocked: it would rest on a step that failed, so nothing is claimed. absent: this kind of entry has no such step.
 */
export type StepStatus = 'verified' | 'failed' | 'blocked' | 'absent'

/** One number of a step, for people and for JSON. */
export type Fact = { readonly name: string; readonly value: string }

export type Step = {
  readonly id: StepId
  readonly title: string
  readonly status: StepStatus
  /** What this step says, one sentence. */
  readonly says: string
  /** How it was recomputed, one sentence. */
  readonly how: string
  readonly facts: readonly Fact[]
  readonly expected: string | null
  readonly got: string | null
  /** Steps it rests on that failed. */
  readonly blockedBy: readonly StepId[]
}

/** What a check found: nothing wrong, or what was expected and what was there. */
export type Finding = { readonly ok: true } | { readonly ok: false; readonly expected: string; readonly got: string }

export const agrees: Finding = { ok: true }

/** Compares two texts. */
export function compareText(expected: string, got: string): Finding {
  return expected === got ? agrees : { ok: false, expected, got }
}

export type StepDraft = {
  readonly title: string
  readonly says: string
  readonly how: string
  readonly facts?: readonly Fact[]
  /** Steps that must have been verified first. */
  readonly restsOn?: readonly StepId[]
  /** When this step does not agree and one of these failed, it is blocked: the other step is what is wrong. */
  readonly explainedBy?: readonly StepId[]
  readonly check: () => Finding
}

export type StepList = {
  /** Checks a step; returns whether it was verified. */
  readonly add: (id: StepId, draft: StepDraft) => boolean
  /** Notes that there is nothing to check here, and why. */
  readonly omit: (id: StepId, title: string, says: string) => void
  /** Whether a step neither failed nor is blocked. */
  readonly isSound: (id: StepId) => boolean
  readonly steps: () => readonly Step[]
}

/** Collects steps in order; a step whose ground has failed is blocked instead of checked, so that one fault turns one step red. */
export function createStepList(): StepList {
  const done = new Map<StepId, Step>()
  const unsound = (id: StepId): boolean => ['failed', 'blocked'].includes(done.get(id)?.status ?? 'verified')
  return {
    add: (id, draft) => {
      const ground = (draft.restsOn ?? []).filter(unsound)
      const checked = ground.length > 0 ? null : draft.check()
      const excuse = checked?.ok === false ? (draft.explainedBy ?? []).filter(unsound) : []
      const blockedBy = [...ground, ...excuse]
      const finding = blockedBy.length > 0 ? null : checked
      const status = finding === null ? 'blocked' : finding.ok ? 'verified' : 'failed'
      done.set(id, {
        id,
        title: draft.title,
        status,
        says: draft.says,
        how: draft.how,
        facts: draft.facts ?? [],
        expected: finding?.ok === false ? finding.expected : null,
        got: finding?.ok === false ? finding.got : null,
        blockedBy,
      })
      return status === 'verified'
    },
    omit: (id, title, says) => {
      done.set(id, { id, title, status: 'absent', says, how: '', facts: [], expected: null, got: null, blockedBy: [] })
    },
    isSound: (id) => !unsound(id),
    steps: () => [...done.values()].sort((a, b) => stepIds.indexOf(a.id) - stepIds.indexOf(b.id)),
  }
}

/** True when no step failed and none is blocked. */
export function allVerified(steps: readonly Step[]): boolean {
  return steps.every(({ status }) => status === 'verified' || status === 'absent')
}

import type { JointInvariant, ParamId } from '../types/index.ts'

/** What a joint invariant reads of one parameter. */
export type JointValues = { readonly value: number; readonly baseline: number }

/** An invariant that does not hold, by position in the catalogue, with both scaled sides. */
export type BrokenInvariant = { readonly invariant: number; readonly left: number; readonly right: number }

/**
 * First broken invariant among those that read one of `touched`; null when all hold. Mirrors `Store._requireJoint` and `Judge._firstBroken`.
 *
 * @param valuesOf - Values as they would be, and baselines as they are, of the scope under judgement.
 */
export function firstBrokenInvariant(
  invariants: readonly JointInvariant[],
  touched: ReadonlySet<ParamId>,
  valuesOf: (id: ParamId) => JointValues,
): BrokenInvariant | null {
  for (const [invariant, joint] of invariants.entries()) {
    if (!touched.has(joint.left) && !touched.has(joint.right)) continue
    const leftValues = valuesOf(joint.left)
    const rightValues = valuesOf(joint.right)
    // 48 + 32 bits pass 2^53.
    const left = BigInt(joint.leftBaseline ? leftValues.baseline : leftValues.value) * BigInt(joint.leftMul)
    const right = BigInt(joint.rightBaseline ? rightValues.baseline : rightValues.value) * BigInt(joint.rightMul) + BigInt(joint.slack)
    if (left > right) return { invariant, left: Number(left), right: Number(right) }
  }
  return null
}

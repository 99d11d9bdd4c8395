export type { BuildContext } from './BuildContext.ts'
export { type BuiltDraft, buildDraft } from './buildDraft.ts'

export { draftRatification, type RatificationPlan } from './ratification.ts'
export { type DraftTemplate, draftTemplates, type TemplateOptions, writeDraft } from './writeDraft.ts'

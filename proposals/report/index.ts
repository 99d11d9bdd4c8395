export { buildReport, type Report, reportJson, type Verdict, verdictOf } from './buildReport.ts'
export { type ChangeRow, describeChange } from './describeChange.ts'
export { renderDiff, renderMarkdown } from './renderMarkdown.ts'

export { inspectText, showInvisible, type TextFault, textFaultNames } from './inspectText.ts'
export { neutraliseMarkdown } from './neutraliseMarkdown.ts'

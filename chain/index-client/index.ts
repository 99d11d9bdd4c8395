export { createIndexClient, type IndexClient } from './createIndexClient.ts'
export { type IndexPage, indexLists, type PageVariables, pageDocument, statusDocument } from './documents.ts'
export { IndexMovedError, IndexRefusedError, IndexUnavailableError } from './IndexClientErrors.ts'
export type { IndexList, IndexRows, IndexStatus } from './IndexRows.ts'

export { canonicalJson } from './canonicalJson.ts'
export { contentHash } from './contentHash.ts'

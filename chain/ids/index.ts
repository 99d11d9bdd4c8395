export * from './enums.ts'
export { decodeParamId, encodeParamId } from './paramId.ts'
export * from './roles.ts'
export { decodeScopeId, encodeScopeId, parseScopeId } from './scopeId.ts'

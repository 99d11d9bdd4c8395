// What the module exports. Every function takes counts and byte addresses, trusts them, and keeps no state of its own: all of it is in the imported memory.
export { black76 } from './black76'
export { impliedVols } from './impliedVol'
export { fillTable } from './riskTable'
export { shortfalls } from './shortfalls'
export { applyTick, cellOf, lossWith, rebuildState } from './streaming'
export { worstLosses } from './worstLosses'

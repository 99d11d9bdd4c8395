export { decodeBlob, encodeWords } from './blobWords.ts'
export { buildChallenge, buildPostAndProve, buildPostLadder, buildPostSurface, buildProve } from './calls.ts'
export { type ChainReading, type LadderStatus, ladderStatuses, type MarketChains, readChains } from './readChains.ts'
export { readSlice, readSurfaceHead, readSurfaceSigners, type SurfaceHead } from './readSurface.ts'

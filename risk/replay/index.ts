export { type EngineDependency, type EngineFile, engineBuildHash } from './engineBuild.ts'
export { memoryDocuments } from './memoryDocuments.ts'
export { createPureWorld, type OpenLane, type PureWorld, type PureWorldOptions } from './PureWorld.ts'
export { type ReplayOptions, type ReplayTick, replayMarket } from './replayMarket.ts'

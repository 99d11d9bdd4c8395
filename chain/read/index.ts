export { type ChainLink, chainedTopics, decodeLink } from './chainedEvents.ts'
export { assertChain, createChainReader, readBlock, readParameter } from './createChainReader.ts'
export { fetchLogs, type LogQuery, type RawLog } from './fetchLogs.ts'
export { type ChainHead, type History, readEntries, readHistory } from './readHistory.ts'

export {
  type LocalChain,
  type LocalChainOptions,
  startLocalChain,
} from './startLocalChain.ts'

export { type JsonRpcServer, serveJsonRpc } from './serveJsonRpc.ts'
export {
  type LocalChain,
  type LocalChainOptions,
  startLocalChain,
} from './startLocalChain.ts'

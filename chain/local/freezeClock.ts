type Request = (method: string, params: readonly unknown[]) => Promise<unknown>

const mining = new Set(['eth_sendRawTransaction', 'eth_sendTransaction', 'evm_mine'])
const moving = new Set(['evm_setNextBlockTimestamp', 'evm_increaseTime'])

/**
 * Keeps the next block in the second of the latest one unless somebody has said otherwise: without it a local chain follows the wall clock and no two
 * runs give the same timestamps. Requests that mine run one after the other.
 */
export function freezeClock(request: Request): Request {
  let moved = false
  let queue: Promise<unknown> = Promise.resolve()
  const mine = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (!moved && (method !== 'evm_mine' || params.length === 0)) {
      const latest = (await request('eth_getBlockByNumber', ['latest', false])) as { readonly timestamp: string }
      await request('evm_setNextBlockTimestamp', [Number(latest.timestamp)])
    }
    const answer = await request(method, params)
    moved = false
    return answer
  }
  return (method, params) => {
    if (moving.has(method)) moved = true
    if (!mining.has(method)) return request(method, params)
    const answer = queue.then(() => mine(method, params))
    queue = answer.catch(() => undefined)
    return answer
  }
}

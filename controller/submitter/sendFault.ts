import { BaseError, InsufficientFundsError, NonceTooLowError } from 'viem'

/**
 * What a node's refusal of a raw transaction means for the next step.
 *
 * - `known`: it already has it. - `underpriced`: it wants a higher fee. - `nonceUsed`: another one with the nonce is mined. - `insufficientFunds`: a human must
 * fund the account. - `unclear`: look at the chain and try again.
 */
export type SendFault = 'known' | 'underpriced' | 'nonceUsed' | 'insufficientFunds' | 'unclear'

// Nodes name these in words only; the patterns cover go-ethereum, Nethermind, Besu, Erigon, Reth and Hardhat.
const patterns: readonly (readonly [RegExp, SendFault])[] = [
  [/already known|already imported|known transaction|alreadyexists/i, 'known'],
  [/underpriced|fee too low|gas price too low|feetoolow|lower than the (current|minimum)|replacement.*(fee|price)/i, 'underpriced'],
  [InsufficientFundsError.nodeMessage, 'insufficientFunds'],
  [NonceTooLowError.nodeMessage, 'nonceUsed'],
  [/nonce too low|oldnonce/i, 'nonceUsed'],
]

/** Reads the texts of an error and of its causes. */
export function classifySendFault(error: unknown): SendFault {
  const texts: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    texts.push(at.message, at instanceof BaseError ? at.details : '')
  }
  const text = texts.join('\n')
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? 'unclear'
}

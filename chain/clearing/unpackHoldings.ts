/** One position of an account. */
export type HeldLots = { readonly instrument: bigint; readonly lots: bigint }

const CHAINS_PER_WORD = 4n
const CHAIN_BITS = 64n
const POSITIONS_PER_WORD = 5n
const POSITION_BITS = 48n
const LEG_BITS = 8n
const LOT_BITS = 40

/** Positions out of the words in which the ledger gives an account's holdings (`contracts/interfaces/ClearingTypes.sol`); ascending by instrument. */
export function unpackHoldings({
  chains,
  pages,
}: {
  readonly chains: readonly bigint[]
  readonly pages: readonly bigint[]
}): readonly HeldLots[] {
  const positions: HeldLots[] = []
  let page = 0
  for (let i = 0n; i < CHAINS_PER_WORD * BigInt(chains.length); i++) {
    const field = (chains[Number(i / CHAINS_PER_WORD)] as bigint) >> (CHAIN_BITS * (i % CHAINS_PER_WORD))
    const chain = BigInt.asUintN(32, field)
    if (chain === 0n) break
    const count = BigInt.asUintN(8, field >> 56n)
    for (let j = 0n; j < count; j++) {
      const entry = (pages[page + Number(j / POSITIONS_PER_WORD)] ?? 0n) >> (POSITION_BITS * (j % POSITIONS_PER_WORD))
      const leg = BigInt.asUintN(Number(LEG_BITS), entry)
      positions.push({ instrument: (chain << 32n) | leg, lots: BigInt.asIntN(LOT_BITS, entry >> LEG_BITS) })
    }
    page += Number((count + POSITIONS_PER_WORD - 1n) / POSITIONS_PER_WORD)
  }
  return positions
}

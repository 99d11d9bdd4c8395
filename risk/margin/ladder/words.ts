/** Bits of a lane of the node words and of the far word. */
const NODE_BITS = 16n
const FAR_BITS = 32n
const LANES = 16
/** Largest value of a node lane: 15 bits, so that tests of order and of convexity can run on all lanes at once. */
export const NODE_CEILING = 32_767
export const FAR_CEILING = 2_147_483_647

/** Node values into words of 256 bits: 16 lanes of 16 bits, the first value in the lowest bits. */
export function packNodes(values: readonly number[]): bigint[] {
  return Array.from({ length: values.length / LANES }, (_, word) => pack(values.slice(word * LANES, (word + 1) * LANES), NODE_BITS))
}

/** Far values into one word of 8 lanes of 32 bits. */
export function packFar(values: readonly number[]): bigint {
  return pack(values, FAR_BITS)
}

/** Signed values of 16 nodes into one word, in two's complement. */
export function packSigned(values: readonly number[]): bigint {
  return pack(
    values.map((value) => (value < 0 ? value + 65_536 : value)),
    NODE_BITS,
  )
}

/** Node values out of their words. */
export function unpackNodes(words: readonly bigint[]): number[] {
  return words.flatMap((word) => unpack(word, NODE_BITS, LANES))
}

/** Far values out of their word. */
export function unpackFar(word: bigint): number[] {
  return unpack(word, FAR_BITS, 8)
}

function pack(values: readonly number[], bits: bigint): bigint {
  return values.reduceRight((word, value) => (word << bits) | BigInt(value), 0n)
}

function unpack(word: bigint, bits: bigint, lanes: number): number[] {
  const mask = (1n << bits) - 1n
  return Array.from({ length: lanes }, (_, lane) => Number((word >> (BigInt(lane) * bits)) & mask))
}

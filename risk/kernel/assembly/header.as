// Where things stand in memory: whole numbers of 32 bits at HEADER, written by risk/kernel/memory/planMemory.ts, which describes them.

const HEADER: u32 = 1024

// Counts.
export const INSTRUMENTS: u32 = 0
export const SCENARIOS: u32 = 1
export const BLOCKS: u32 = 2
export const VOL_ROWS: u32 = 3
// Addresses.
export const KIND: u32 = 6
export const STRIKE: u32 = 7
export const VOL: u32 = 8
export const EXPIRY: u32 = 9
export const FORWARD: u32 = 10
export const DISCOUNT: u32 = 11
export const ROOT_TIME: u32 = 12
export const VOL_FACTOR: u32 = 13
export const VOL_SHIFT: u32 = 14
export const MOVE_FACTOR: u32 = 15
export const MOVE_LOG: u32 = 16
export const WEIGHT: u32 = 17
export const VOL_ROW: u32 = 18
export const TABLE: u32 = 19
export const MARK: u32 = 20
export const OFFSETS: u32 = 21
export const HELD: u32 = 22
export const QUANTITY: u32 = 23
export const LOSS: u32 = 24
export const CELL: u32 = 25
export const STATE: u32 = 26
export const HOLDER_OFFSETS: u32 = 27
export const HOLDER: u32 = 28
export const HOLDER_QUANTITY: u32 = 29

@inline
export function field(index: u32): u32 {
  return load<u32>(HEADER + (index << 2))
}

/** Number `index` of the u32 or f64 at an address. */
@inline
export function whole(address: u32, index: u32): u32 {
  return load<u32>(address + (index << 2))
}
@inline
export function real(address: u32, index: u32): f64 {
  return load<f64>(address + (index << 3))
}

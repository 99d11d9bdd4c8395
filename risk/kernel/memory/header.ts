/** Bytes at which the header starts: whole numbers of 32 bits, in the order of {@link headerFields}; assembly/header.as numbers them. */
export const HEADER = 1024

/** Counts first, then byte addresses of columns; 0 where a column is not kept. */
export const headerFields = [
  'instruments',
  'scenarios',
  'blocks',
  'volRows',
  'expiries',
  'accounts',
  'kind',
  'strike',
  'vol',
  'expiry',
  'forward',
  'discount',
  'rootTime',
  'volFactor',
  'volShift',
  'moveFactor',
  'moveLog',
  'weight',
  'volRow',
  'table',
  'mark',
  'offsets',
  'held',
  'quantity',
  'loss',
  'cell',
  'state',
  'holderOffsets',
  'holder',
  'holderQuantity',
] as const

export type HeaderField = (typeof headerFields)[number]
/** Value of each field. */
export type Header = Readonly<Record<HeaderField, number>>

/** Reads the header of a memory that {@link writeHeader} has prepared. */
export function readHeader(wholes: Uint32Array): Header {
  const entries = headerFields.map((name, i) => [name, wholes[HEADER / 4 + i]!])
  return Object.fromEntries(entries) as Header
}

export function writeHeader(wholes: Uint32Array, header: Header): void {
  headerFields.forEach((name, i) => {
    wholes[HEADER / 4 + i] = header[name]
  })
}

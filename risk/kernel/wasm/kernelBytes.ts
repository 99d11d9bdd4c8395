import { kernelBinary } from './kernelBinary.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The WebAssembly module. Decoded here, since neither Node's Buffer nor the browser's atob is known everywhere. */
export function kernelBytes(): Uint8Array {
  const text = kernelBinary.replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let word = 0
  let bits = 0
  let at = 0
  for (const digit of text) {
    word = ((word << 6) | DIGITS.indexOf(digit)) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (word >>> bits) & 0xff
    }
  }
  return bytes
}

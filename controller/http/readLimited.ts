import { HttpFault } from './HttpFault.ts'

/**
 * Reads a body as UTF-8 text.
 *
 * @throws {HttpFault} 413 when it is larger than `limitBytes`; the rest is not read.
 */
export async function readLimited(body: AsyncIterable<Uint8Array> | null, limitBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.length
    if (bytes > limitBytes) throw new HttpFault(413, 'tooLarge', `The body is larger than ${limitBytes} bytes.`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const blank = /[ \t\n\r]*/y
const scalar = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const key = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/** Offset of the first character at which a text stops being JSON (RFC 8259); its length when it only ends too early. */
export function findJsonFault(text: string): number {
  let at = 0
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at += found[0].length
    return found !== null
  }
  const take = (character: string): boolean => {
    skip(blank)
    if (text[at] !== character) return false
    at++
    return true
  }
  const list = (end: string, item: () => boolean): boolean => {
    if (take(end)) return true
    do {
      if (!item()) return false
    } while (take(','))
    return take(end)
  }
  const value = (): boolean => {
    if (take('{')) return list('}', member)
    if (take('[')) return list(']', value)
    return skip(scalar)
  }
  const member = (): boolean => {
    skip(blank)
    return skip(key) && take(':') && value()
  }
  if (value()) skip(blank)
  return at
}

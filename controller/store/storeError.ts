import { StoreCorruptError, StoreFullError, StoreLockedError, StoreUnwritableError } from '../errors/StoreErrors.ts'

// Primary result codes of SQLite, https://sqlite.org/rescode.html; the extended code carries them in its low byte.
const BUSY = 5
const LOCKED = 6
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26

/** The typed error for what SQLite reports; anything else is returned as it is. */
export function storeError(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return cause
  const detail = cause.message
  switch (cause.errcode & 0xff) {
    case BUSY:
    case LOCKED:
      return new StoreLockedError({ path }, { cause })
    case FULL:
      return new StoreFullError({ path }, { cause })
    case CORRUPT:
    case NOTADB:
      return new StoreCorruptError({ path, detail }, { cause })
    case READONLY:
    case CANTOPEN:
    case IOERR:
      return new StoreUnwritableError({ path, detail }, { cause })
    default:
      return cause
  }
}

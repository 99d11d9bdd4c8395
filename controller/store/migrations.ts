/**
 * Steps from an empty file to the newest schema; the number of applied steps is kept in `user_version`. A step is never edited once released.
 *
 * - `document`: canonical JSON by keccak256, raw-deflated.
 * - `round`: one record per tick of a scope, as JSON; `number` is the round on chain, null for a halt.
 * - `claim`: the one digest signed for a round, and until when it could still be accepted.
 * - `intent`: what is about to be sent, by key, before it is sent.
 * - `attempt`: each signed transaction of an intent; one nonce may have several, each replacing the one before.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE document (hash BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE round (
    scope TEXT NOT NULL,
    observed_at INTEGER NOT NULL,
    number INTEGER,
    stage TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (scope, observed_at)
  ) WITHOUT ROWID;
  CREATE INDEX round_by_stage ON round (scope, stage, observed_at);
  CREATE TABLE claim (
    scope TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    PRIMARY KEY (scope, number)
  ) WITHOUT ROWID;
  CREATE TABLE intent (key TEXT PRIMARY KEY, stage TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE attempt (
    hash TEXT PRIMARY KEY,
    intent TEXT NOT NULL REFERENCES intent (key),
    chain_id INTEGER NOT NULL,
    sender TEXT NOT NULL,
    nonce INTEGER NOT NULL,
    max_fee TEXT NOT NULL,
    priority_fee TEXT NOT NULL,
    raw TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX attempt_by_nonce ON attempt (chain_id, sender, nonce);
  CREATE INDEX attempt_by_intent ON attempt (intent);
  `,
]

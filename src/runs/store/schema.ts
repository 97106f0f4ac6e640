/** Says in the file's head that it is a store of ours: "ASSY". */
export const applicationId = 0x41535359;

/** Version of the tables below; a store of a newer version is refused, an older one is brought up. */
export const schemaVersion = 1;

/**
 * The tables of the store. An answer is unique by (run, subject, sample, repeat): a retry can never count twice.
 * `answer_groups` covers the counts of `show`, so that they never read an answer's text.
 */
export const schema = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    identity TEXT NOT NULL,
    manifest TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    result_hash TEXT,
    process INTEGER,
    note TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE steps (
    run TEXT NOT NULL REFERENCES runs(id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    run TEXT NOT NULL REFERENCES runs(id),
    subject TEXT NOT NULL,
    sample TEXT NOT NULL,
    repeat INTEGER NOT NULL,
    sample_group TEXT NOT NULL,
    truth TEXT NOT NULL,
    text TEXT,
    score TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    latency_ms REAL NOT NULL,
    error TEXT,
    log_probs TEXT,
    raw TEXT NOT NULL,
    cached INTEGER NOT NULL,
    PRIMARY KEY (run, subject, sample, repeat)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answer_groups ON answers (run, subject, sample_group);

  CREATE TABLE records (
    run TEXT NOT NULL REFERENCES runs(id),
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE verdicts (
    run TEXT NOT NULL REFERENCES runs(id),
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE responses (
    key TEXT PRIMARY KEY,
    answer TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

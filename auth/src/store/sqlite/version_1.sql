-- The tables of PostgreSQL in SQLite's types: times are whole microseconds since 1970, lists are JSON, true is 1.
CREATE TABLE users (
  id            TEXT PRIMARY KEY NOT NULL,
  email         TEXT NOT NULL,
  username      TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  full_name     TEXT,
  role          TEXT NOT NULL DEFAULT 'VIEWER' CHECK (role IN ('VIEWER', 'OPERATOR', 'ADMIN')),
  is_active     INTEGER NOT NULL DEFAULT 1,
  last_login_at INTEGER,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  tenant        TEXT NOT NULL DEFAULT 'default',
  custom_roles  TEXT NOT NULL DEFAULT '[]'
) STRICT;
-- To SQLite, lower case is that of ASCII.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX users_tenant_page_idx ON users (tenant, created_at, id);

-- actor: the user's id, which stays when the user is gone.
CREATE TABLE audit_logs (
  id            TEXT PRIMARY KEY NOT NULL,
  user_id       TEXT REFERENCES users(id) ON DELETE SET NULL,
  action        TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  resource_id   TEXT,
  changes       TEXT NOT NULL DEFAULT '{}',
  ip_address    TEXT,
  user_agent    TEXT,
  request_id    TEXT,
  success       INTEGER NOT NULL DEFAULT 1,
  created_at    INTEGER NOT NULL,
  tenant        TEXT NOT NULL DEFAULT 'default',
  actor         TEXT,
  sequence      INTEGER NOT NULL UNIQUE,
  record        TEXT NOT NULL,
  hash          BLOB NOT NULL
) STRICT;
CREATE INDEX audit_logs_user_page_idx ON audit_logs (user_id, created_at DESC, id DESC);
CREATE INDEX audit_logs_tenant_sequence_idx ON audit_logs (tenant, sequence DESC);

-- The end of the chain.
CREATE TABLE auth_audit_head (
  single     INTEGER PRIMARY KEY CHECK (single = 1),
  sequence INTEGER NOT NULL,
  hash     BLOB NOT NULL
) STRICT;
INSERT INTO auth_audit_head (single, sequence, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE auth_bootstrap (
  single       INTEGER PRIMARY KEY CHECK (single = 1),
  token_hash BLOB NOT NULL
) STRICT;

CREATE TABLE auth_sessions (
  id             TEXT PRIMARY KEY NOT NULL,
  user_id        TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  current_token  TEXT NOT NULL,
  issued_at      INTEGER NOT NULL,
  previous_token TEXT,
  ended_at       INTEGER,
  ip_address     TEXT,
  user_agent     TEXT
) STRICT;
CREATE INDEX auth_sessions_user_idx ON auth_sessions (user_id, created_at DESC, id DESC);
CREATE INDEX auth_sessions_expires_idx ON auth_sessions (expires_at);

CREATE TABLE auth_denied_tokens (
  token      TEXT PRIMARY KEY NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX auth_denied_tokens_expires_idx ON auth_denied_tokens (expires_at);

CREATE TABLE auth_api_keys (
  id           TEXT PRIMARY KEY NOT NULL,
  user_id      TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  secret_hash  BLOB NOT NULL,
  scopes       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
) STRICT;
CREATE INDEX auth_api_keys_user_idx ON auth_api_keys (user_id, created_at DESC, id DESC);

-- granted: what became of the last call, which the statement that counts gives back.
CREATE TABLE auth_counters (
  key     TEXT PRIMARY KEY NOT NULL,
  count   INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  granted INTEGER NOT NULL
) STRICT;
CREATE INDEX auth_counters_ends_idx ON auth_counters (ends_at);

CREATE TABLE auth_totp (
  user_id       TEXT PRIMARY KEY NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  sealed_secret BLOB NOT NULL,
  created_at    INTEGER NOT NULL,
  confirmed_at  INTEGER,
  last_step     INTEGER
) STRICT;

CREATE TABLE auth_recovery_codes (
  user_id TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash    BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, hash)
) STRICT;

CREATE TABLE auth_signing_keys (
  kid        TEXT PRIMARY KEY NOT NULL,
  algorithm  TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired')),
  sealed_key BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX auth_signing_keys_one_idx ON auth_signing_keys (state) WHERE state <> 'retired';

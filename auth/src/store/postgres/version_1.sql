-- Times come and go as microseconds since 1970. Both ways are exact in every year that can be written with four digits: an
-- interval of whole seconds, and the seconds of a day with their fraction, are whole numbers of microseconds to PostgreSQL.
CREATE OR REPLACE FUNCTION auth_time(micros bigint) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT timestamptz 'epoch' + micros / 1000000 * interval '1 second' + micros % 1000000 * interval '1 microsecond'
$$;
CREATE OR REPLACE FUNCTION auth_micros(moment timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT extract(epoch FROM date_trunc('second', moment))::bigint * 1000000 + extract(microseconds FROM moment)::bigint % 1000000
$$;
-- The uuid of a text that is one as this crate writes it; NULL, which nothing equals, for every other.
CREATE OR REPLACE FUNCTION auth_uuid(name text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN name::uuid END
$$;

DO $$ BEGIN
  IF to_regtype('user_role') IS NULL THEN
    CREATE TYPE user_role AS ENUM ('VIEWER','OPERATOR','ADMIN');
  END IF;
  IF to_regprocedure('set_updated_at()') IS NULL THEN
    CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $function$
    BEGIN NEW.updated_at := now(); RETURN NEW; END $function$;
  END IF;
END $$;

CREATE TABLE IF NOT EXISTS users (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email         text NOT NULL,
  username      text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  full_name     text,
  role          user_role NOT NULL DEFAULT 'VIEWER',
  is_active     boolean NOT NULL DEFAULT true,
  last_login_at timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
-- changed_at: when the account was last changed, by the clock of whoever changed it; updated_at follows every write.
ALTER TABLE users
  ADD COLUMN IF NOT EXISTS tenant       text NOT NULL DEFAULT 'default',
  ADD COLUMN IF NOT EXISTS custom_roles text[] NOT NULL DEFAULT '{}',
  ADD COLUMN IF NOT EXISTS changed_at   timestamptz;
CREATE UNIQUE INDEX IF NOT EXISTS users_email_key ON users (lower(email));
CREATE INDEX IF NOT EXISTS users_tenant_page_idx ON users (tenant, created_at, id);

CREATE TABLE IF NOT EXISTS audit_logs (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id       uuid REFERENCES users(id) ON DELETE SET NULL,
  action        text NOT NULL,
  resource_type text NOT NULL,
  resource_id   text,
  changes       jsonb NOT NULL DEFAULT '{}',
  ip_address    inet,
  user_agent    text,
  request_id    text,
  success       boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
-- actor: the user's id, which stays when the user is gone. Rows without a sequence are not part of the chain.
ALTER TABLE audit_logs
  ADD COLUMN IF NOT EXISTS tenant   text NOT NULL DEFAULT 'default',
  ADD COLUMN IF NOT EXISTS actor    text,
  ADD COLUMN IF NOT EXISTS sequence bigint,
  ADD COLUMN IF NOT EXISTS record   text,
  ADD COLUMN IF NOT EXISTS hash     bytea;
CREATE INDEX IF NOT EXISTS audit_logs_page_idx ON audit_logs (created_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS audit_logs_user_page_idx ON audit_logs (user_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX IF NOT EXISTS audit_logs_sequence_key ON audit_logs (sequence);
CREATE INDEX IF NOT EXISTS audit_logs_tenant_sequence_idx ON audit_logs (tenant, sequence DESC);

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['users','audit_logs'] LOOP
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = t::regclass AND tgname = t || '_set_updated_at') THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION set_updated_at()', t || '_set_updated_at', t);
    END IF;
  END LOOP;
END $$;

-- The end of the chain, in one row that whoever adds to the chain locks.
CREATE TABLE auth_audit_head (
  single     boolean PRIMARY KEY DEFAULT true CHECK (single),
  sequence bigint NOT NULL,
  hash     bytea NOT NULL
);
INSERT INTO auth_audit_head (sequence, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE TABLE auth_bootstrap (
  single       boolean PRIMARY KEY DEFAULT true CHECK (single),
  token_hash bytea NOT NULL
);

CREATE TABLE auth_sessions (
  id             text PRIMARY KEY,
  user_id        uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  current_token  text NOT NULL,
  issued_at      timestamptz NOT NULL,
  previous_token text,
  ended_at       timestamptz,
  ip_address     inet,
  user_agent     text
);
CREATE INDEX auth_sessions_user_idx ON auth_sessions (user_id, created_at DESC);
CREATE INDEX auth_sessions_expires_idx ON auth_sessions (expires_at);

CREATE TABLE auth_denied_tokens (
  token      text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX auth_denied_tokens_expires_idx ON auth_denied_tokens (expires_at);

CREATE TABLE auth_api_keys (
  id           text PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name         text NOT NULL,
  secret_hash  bytea NOT NULL,
  scopes       text[] NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX auth_api_keys_user_idx ON auth_api_keys (user_id, created_at DESC);

-- granted: what became of the last call, which the statement that counts gives back.
CREATE TABLE auth_counters (
  key     text PRIMARY KEY,
  count   bigint NOT NULL,
  ends_at timestamptz NOT NULL,
  granted boolean NOT NULL
);
CREATE INDEX auth_counters_ends_idx ON auth_counters (ends_at);

CREATE TABLE auth_totp (
  user_id       uuid PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
  sealed_secret bytea NOT NULL,
  created_at    timestamptz NOT NULL,
  confirmed_at  timestamptz,
  last_step     bigint
);

CREATE TABLE auth_recovery_codes (
  user_id uuid NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  hash    bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, hash)
);

CREATE TABLE auth_signing_keys (
  kid        text PRIMARY KEY,
  algorithm  text NOT NULL,
  state      text NOT NULL CHECK (state IN ('next', 'active', 'retired')),
  sealed_key bytea NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX auth_signing_keys_one_idx ON auth_signing_keys (state) WHERE state <> 'retired';

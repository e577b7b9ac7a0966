/**
 * The tables, in SQL that SQLite and PostgreSQL both read. Each entry is one step and runs once; append, never edit.
 * Times are epoch milliseconds.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE user_basic (
     id text PRIMARY KEY,
     nickname text NOT NULL,
     avatar text,
     created_at bigint NOT NULL
   );
   CREATE TABLE user_authorization (
     id text PRIMARY KEY,
     user_id text NOT NULL REFERENCES user_basic (id),
     identity_type text NOT NULL,
     identifier text NOT NULL,
     credential text,
     verified_at bigint NOT NULL,
     last_used_at bigint NOT NULL,
     last_ip text NOT NULL,
     UNIQUE (identity_type, identifier)
   );
   CREATE INDEX user_authorization_user ON user_authorization (user_id);
   CREATE TABLE rebind_event (event_id text PRIMARY KEY, received_at bigint NOT NULL);
   CREATE TABLE number_carrier (identifier text PRIMARY KEY, carrier text NOT NULL, sequence bigint NOT NULL);`,
]

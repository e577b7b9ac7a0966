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
  // An identifier is somebody's once it is verified; until then anybody may claim it and nobody is kept from it. A table constraint
  // cannot say that, a partial index can, and SQLite drops no constraint: the table is written anew.
  `DROP INDEX user_authorization_user;
   ALTER TABLE user_authorization RENAME TO user_authorization_1;
   CREATE TABLE user_authorization (
     id text PRIMARY KEY,
     user_id text NOT NULL REFERENCES user_basic (id),
     identity_type text NOT NULL,
     identifier text NOT NULL,
     credential text,
     verified integer NOT NULL,
     verified_at bigint NOT NULL,
     last_used_at bigint NOT NULL,
     last_ip text NOT NULL,
     UNIQUE (user_id, identity_type, identifier)
   );
   INSERT INTO user_authorization
     SELECT id, user_id, identity_type, identifier, credential, 1, verified_at, last_used_at, last_ip FROM user_authorization_1;
   DROP TABLE user_authorization_1;
   CREATE UNIQUE INDEX user_authorization_owner ON user_authorization (identity_type, identifier) WHERE verified = 1;
   CREATE TABLE audit_log (
     id text PRIMARY KEY,
     user_id text,
     method text NOT NULL,
     outcome text NOT NULL,
     at bigint NOT NULL,
     ip text NOT NULL
   );
   CREATE INDEX audit_log_user ON audit_log (user_id, at);`,
  // Since when a number's present holder is known to hold it, where that is later than the binding says.
  'ALTER TABLE user_authorization ADD COLUMN holder_since bigint',
  // A first login ends the claims of others to its identifier. There are few, and without an index each first login reads all rows.
  'CREATE INDEX user_authorization_claim ON user_authorization (identity_type, identifier) WHERE verified = 0',
]

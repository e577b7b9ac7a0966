/** What goes into a statement. Booleans are 0 and 1: SQLite has none. */
export type SqlValue = string | number | null

export type Row = Readonly<Record<string, unknown>>

/** SQL that SQLite and PostgreSQL both read, parameters as `$1`. The text is a constant: values never become part of it. */
export interface Statement {
  text: string
  values: readonly SqlValue[]
}

export interface Step extends Statement {
  /** The whole is undone when this step returns no row: a statement that must touch one ends with RETURNING. */
  must?: boolean
}

/** One relational database, whichever it is. Methods throw the driver's own error when it cannot be reached. */
export interface Database {
  /** Runs one statement and returns its rows. */
  rows(text: string, values: readonly SqlValue[]): Promise<readonly Row[]>
  /**
   * Runs the steps as one: all of them or none. Undefined when a step that must touch a row did not. Steps are given beforehand,
   * not by a callback, so that SQLite runs them without giving way to anybody else.
   */
  atomically(steps: readonly Step[]): Promise<readonly (readonly Row[])[] | undefined>
  close(): Promise<void>
}

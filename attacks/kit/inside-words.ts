/** What only the inside of a program knows. Words of many platforms, each too odd to stand in a sentence for people. */
const INSIDE: readonly [string, RegExp][] = [
  ['a stack trace', /^\s*(?:\\n\s*)?at [\w$.<>[\] ]+ ?\(?[^\n]*:\d+(?::\d+)?\)?/m],
  ['a stack trace', /\\n\s+at [^"\\]+:\d+/],
  ['a stack trace', /Traceback \(most recent call last\)|goroutine \d+ \[|\bat [\w.$]+\([\w]+\.(?:java|kt|cs):\d+\)/],
  ['a path of a source file', /(?:file:\/\/|node_modules\/|\/(?:src|app|usr|home|var)\/)[\w./-]+\.(?:[jt]s|py|go|java|php|rb)\b/],
  ['an SQL statement', /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^"]{1,200}\b(?:FROM|VALUES|SET|WHERE)\b/],
  [
    'a database error',
    /SQLITE_[A-Z]+|ERROR: {2}?(?:syntax error|duplicate key)|ORA-\d{5}|SQLSTATE\[|You have an error in your SQL/,
  ],
  ['an internal address', /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|connect to (?:\d+\.){3}\d+:\d+/],
]

/** What of the inside of a program a text tells, each kind once. */
export function insideOf(text: string): string[] {
  return [...new Set(INSIDE.filter(([, pattern]) => pattern.test(text)).map(([what]) => what))]
}

/** What kind of trouble: decides the exit code (see exit-code.ts) and the sentence's frame. */
export type ErrorCode =
  | 'USAGE' // a flag or command the CLI does not have
  | 'CONFIG' // the configuration does not hold
  | 'NOT_ALLOWED' // a target that may not be touched
  | 'PORT_IN_USE'
  | 'ENGINE_MISSING'
  | 'ENGINE_FAILED'
  | 'TARGET_UNREACHABLE'
  | 'TARGET_DIED'
  | 'TARGET_FOREIGN' // something answers, but not with our run id
  | 'MOCKS_FAILED'
  | 'DISK' // the run folder cannot be written
  | 'EVIDENCE' // a file from an earlier station is missing or of unknown shape
  | 'INTERRUPTED'
  | 'INTERNAL'

export interface HarnessErrorRecord {
  code: ErrorCode
  /** One sentence: what, where, why. */
  message: string
  /** What to do next. */
  hint?: string
}

/** The one error of the harness. Expected trouble inside a run becomes an evidence record, not a throw across rooms. */
export class HarnessError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'HarnessError'
    this.code = code
    this.hint = options.hint
  }

  toRecord(): HarnessErrorRecord {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) }
  }
}

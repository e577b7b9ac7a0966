import pc from 'picocolors'
import { HarnessError } from '../contract/errors.ts'
import { EXIT, exitCodeOfError } from '../contract/exit-code.ts'

/** The only place that prints. Results go to standard output, everything else to standard error. */
export const out = {
  result: (text: string): void => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  },
  line: (text: string): void => {
    process.stderr.write(`${text}\n`)
  },
}

export const colour = pc.createColors(
  process.env.NO_COLOR === undefined &&
    process.env.TERM !== 'dumb' &&
    (process.stderr.isTTY === true || process.env.FORCE_COLOR !== undefined),
)

/** What, where, why and what next; no stack unless asked. */
export function printError(cause: unknown, debug: boolean): void {
  if (cause instanceof HarnessError) {
    out.line(`${colour.red('error:')} ${cause.message}`)
    if (cause.hint !== undefined) out.line(`${colour.cyan(' hint:')} ${cause.hint}`)
    if (debug && cause.cause !== undefined)
      out.line(String(cause.cause instanceof Error ? (cause.cause.stack ?? cause.cause) : cause.cause))
    return
  }
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  out.line(`${colour.red('bug in onetap:')} ${debug ? text : text.replaceAll('\n', ' ')}`)
  out.line(debug && cause instanceof Error ? String(cause.stack) : ' hint: run again with --debug and report what it prints')
}

/** Exit code of whatever a command threw. */
export function exitCodeOf(cause: unknown): number {
  return cause instanceof HarnessError ? exitCodeOfError(cause.code) : EXIT.bug
}

import type { ErrorCode } from './errors.ts'
import { exhaustive } from './json.ts'

/**
 * The one table of exit codes. `onetap --help`, the docs and the CLI read it from here.
 * 99 is k6's own code for a crossed threshold, kept because pipelines already test for it.
 */
export const EXIT = {
  ok: 0,
  attackSucceeded: 1,
  usage: 2,
  environment: 3,
  inconclusive: 4,
  bug: 70,
  budgetCrossed: 99,
  interrupted: 130,
  terminated: 143,
} as const

export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, 'all gates held on valid evidence'],
  [EXIT.attackSucceeded, 'an attack got in'],
  [EXIT.usage, 'usage or configuration error, nothing was sent'],
  [EXIT.environment, 'environment: engine, port or target unreachable'],
  [EXIT.inconclusive, 'inconclusive: not enough valid evidence'],
  [EXIT.bug, 'a bug in onetap'],
  [EXIT.budgetCrossed, 'a load budget was crossed'],
  [EXIT.interrupted, 'stopped by Ctrl-C, partial evidence kept'],
  [EXIT.terminated, 'stopped by SIGTERM, partial evidence kept'],
]

/**
 * When several hold, the first of this list wins (architecture, decision 10). A bug of ours or a run that was not allowed to start
 * stands before the environment: both explain why evidence is missing better than `inconclusive` does.
 */
const PRECEDENCE: readonly number[] = [
  EXIT.attackSucceeded,
  EXIT.budgetCrossed,
  EXIT.bug,
  EXIT.usage,
  EXIT.environment,
  EXIT.inconclusive,
]

/**
 * The one code to exit with. Success comes last of all: a code outside the list (stopped by a signal) beats it, or a run that
 * was cut short would look green. No code at all is inconclusive.
 */
export function strongestExitCode(codes: readonly number[]): number {
  for (const code of PRECEDENCE) if (codes.includes(code)) return code
  return codes.find(code => code !== EXIT.ok) ?? codes[0] ?? EXIT.inconclusive
}

export function exitCodeOfError(code: ErrorCode): number {
  switch (code) {
    case 'USAGE':
    case 'CONFIG':
    case 'NOT_ALLOWED':
      return EXIT.usage
    case 'PORT_IN_USE':
    case 'ENGINE_MISSING':
    case 'ENGINE_FAILED':
    case 'TARGET_UNREACHABLE':
    case 'TARGET_DIED':
    case 'TARGET_FOREIGN':
    case 'MOCKS_FAILED':
    case 'DISK':
    case 'EVIDENCE':
      return EXIT.environment
    case 'INTERRUPTED':
      return EXIT.interrupted
    case 'INTERNAL':
      return EXIT.bug
    default:
      return exhaustive(code)
  }
}

import { STEP_OUTCOMES } from '../contract/flow.ts'
import type { JournalTotals } from '../contract/journal.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result, Validity } from '../contract/result.ts'
import { type Check, makeCheck } from './check.ts'
import { carrierGranted, loginCount } from './figure.ts'
import type { LedgerView } from './ledger-view.ts'
import { ledgerCheck, reconcile } from './reconciliation.ts'
import { clockChecks } from './validity-clocks.ts'
import { generatorChecks } from './validity-generator.ts'
import { mockChecks } from './validity-mocks.ts'

/** Checks that an error-rate budget does not rest on: refusals and silence are what it counts. */
const NOT_FOR_ERROR_RATE: readonly string[] = ['exchanges-granted', 'transport-errors']

/**
 * Was the evidence worth judging? Asked before any budget. With a load in the plan every check counts; without one only those
 * about the run itself do, and the outcome is `not-applicable` at best.
 */
export function judgeValidity(view: LedgerView, plan: Plan): Validity {
  const checks = [ranToTheEnd(view.ended), targetKnown(view, plan)]
  if (plan.load !== null) checks.push(...loadChecks(view, plan))
  if (plan.attack?.underLoad !== undefined) checks.push(backgroundCheck(view))
  const bad = checks.some(check => check.outcome !== 'pass' && check.outcome !== 'not-applicable')
  return { outcome: bad ? 'inconclusive' : plan.load === null ? 'not-applicable' : 'pass', checks }
}

/** The checks that keep a budget of this kind from being judged. */
export function blockingChecks(validity: Validity, kind: 'latency' | 'error-rate'): readonly Check[] {
  return validity.checks.filter(
    check => check.outcome === 'inconclusive' && !(kind === 'error-rate' && NOT_FOR_ERROR_RATE.includes(check.id)),
  )
}

/** Verdicts under load hold for the load that there was. */
const LEAST_BACKGROUND = 0.8

function backgroundCheck({ backgrounds }: LedgerView): Check {
  const [first] = backgrounds
  const share = first === undefined ? 0 : first.grantedPerSecond / Math.max(first.facts.offeredPerSecond, Number.MIN_VALUE)
  return makeCheck(
    'background-load',
    share >= LEAST_BACKGROUND,
    first === undefined ? 'no record' : `${first.grantedPerSecond}/s granted of ${first.facts.offeredPerSecond}/s offered`,
    `at least ${LEAST_BACKGROUND * 100} %`,
    'Honest load ran beside the attacks as planned.',
    'The attacks did not run under the load that was asked for: honest logins beside them were too few.',
  )
}

function loadChecks(view: LedgerView, plan: Plan): Check[] {
  const only = view.loads[0]
  const present = makeCheck(
    'load-evidence',
    view.loads.length === 1,
    String(view.loads.length),
    '1 load record',
    'Exactly one load was measured, as the plan asks.',
    view.loads.length === 0 ? 'The plan asked for load and the ledger holds none.' : 'The ledger holds more than one load.',
  )
  if (only === undefined) return [present]
  const { load, carrier, tokens, watch } = only
  const exchanges = STEP_OUTCOMES.reduce((sum, outcome) => sum + loginCount(load, outcome), 0)
  const granted = loginCount(load, 'granted')
  return [
    present,
    makeCheck(
      'samples',
      exchanges > 0,
      String(exchanges),
      '> 0 exchanges',
      'Login exchanges were measured.',
      'No login exchange was measured.',
    ),
    makeCheck(
      'exchanges-granted',
      granted > 0,
      String(granted),
      '> 0 granted',
      'The backend let honest users in.',
      `The backend let nobody in: how fast it refuses says nothing about logins.${whatCarriersSaid(carrier)}`,
    ),
    ...generatorChecks(load, plan),
    ...mockChecks(carrier, carrierGranted(load)),
    ledgerCheck(reconcile(load, tokens)),
    ...clockChecks(carrier, watch),
  ]
}

/** Mostly it is one code, and it says what is wrong with the requests. */
function whatCarriersSaid(carrier: JournalTotals | null): string {
  const [most] = Object.entries(carrier?.byResult ?? {}).sort(([, a], [, b]) => b - a)
  if (most === undefined) return ' No carrier was asked.'
  return ` Most of the carriers' answers: ${most[0]} (${most[1]} times).`
}

function ranToTheEnd(ended: Result['ended'] | null): Check {
  return makeCheck(
    'run-ended',
    ended === 'finished',
    ended ?? 'no last record',
    'finished',
    'The run came to its planned end.',
    'The run did not come to its planned end; what was measured is a part.',
  )
}

/**
 * Did we hit what we meant to hit? Either the target answered with our run id, or the config names its host and port, or the run
 * started it itself and the config says that it tells no run id: then what is known is that nobody listened on its port before it
 * was started, and that it was still running when the port answered (src/world/target-start.ts).
 */
function targetKnown(view: LedgerView, plan: Plan): Check {
  const identity = view.target?.identity ?? null
  const ours = identity !== null && identity.runId === plan.runId
  const address = view.target === null ? undefined : hostAndPort(view.target.url)
  const named = address !== undefined && plan.target.allow.includes(address)
  const started = view.target !== null && identity === null && plan.target.start !== null && plan.target.identityPath === null
  return makeCheck(
    'target-identity',
    ours || named || started,
    view.target === null ? 'no target' : ours ? `run ${plan.runId}` : (address ?? view.target.url),
    'our run id, named in target.allow, or started by this run',
    ours
      ? 'The target answered with the id of this run.'
      : named
        ? 'The target is one the configuration names.'
        : 'This run started the target, on a port that was free; it tells no run id.',
    'What answered is neither started by this run nor named in target.allow.',
  )
}

/** `host:port` of a URL, with the scheme's port when none is written. Undefined when it is no http URL. */
export function hostAndPort(url: string): string | undefined {
  const match = /^(https?):\/\/(?:[^/?#@]*@)?(\[[^\]]+\]|[^/:?#]+)(?::(\d+))?/i.exec(url)
  const [, scheme, host, port] = match ?? []
  if (scheme === undefined || host === undefined) return undefined
  return `${host.toLowerCase()}:${port ?? (scheme.toLowerCase() === 'https' ? '443' : '80')}`
}

import type { Standing } from '../../src/contract/finding.ts'
import type { AttackResult, Gate, Result } from '../../src/contract/result.ts'
import { mix32, saltOf } from '../../src/contract/rng.ts'
import type { OperationId } from '../../src/contract/target.ts'

/** A place in the reader's repository. `file` from its root, `line` from 1. */
export interface Place {
  file: string
  line: number
}

/** One thing a reader of code has to look at: an attack that got in, a budget that was crossed, or one of which nothing is known. */
export interface Problem {
  /** `fail`: proven. `open`: no verdict, so nothing is known. */
  state: 'fail' | 'open'
  /** The same from run to run; no host, port, id or time goes into it. */
  fingerprint: string
  place: Place
  text: string
  about: { kind: 'attack'; attack: AttackResult } | { kind: 'gate'; gate: Gate }
  /** Why it does not turn the run red, where it does not. */
  standing: Standing
}

/** All problems, attacks first, as the document has them. What held, what does not apply and what was only noted is none. */
export function problemsOf(result: Result): Problem[] {
  return [...result.attacks.flatMap(attack => attackProblem(attack, result)), ...gateProblems(result)]
}

function attackProblem(attack: AttackResult, result: Result): Problem[] {
  const state = stateOf(attack.outcome)
  if (state === undefined) return []
  return [
    {
      state,
      // The attack and the target, not the proof: one of which nothing is known today is still yesterday's finding.
      fingerprint: fingerprintOf(attack.id, targetName(result)),
      place: targetPlace(result, operationOf(attack)),
      text: attack.claim,
      about: { kind: 'attack', attack },
      standing: attack.finding?.standing ?? { kind: 'counts' },
    },
  ]
}

function gateProblems(result: Result): Problem[] {
  return result.gates.flatMap((gate): Problem[] => {
    const state = stateOf(gate.outcome)
    if (state === undefined) return []
    return [
      {
        state,
        fingerprint: fingerprintOf(`budget ${gate.id}`, targetName(result)),
        place: configPlace(result),
        text: `${gate.title}: ${gate.text}`,
        about: { kind: 'gate', gate },
        standing: { kind: 'counts' },
      },
    ]
  })
}

function stateOf(outcome: AttackResult['outcome']): Problem['state'] | undefined {
  if (outcome === 'fail') return 'fail'
  return outcome === 'inconclusive' || outcome === 'error' ? 'open' : undefined
}

/** The target by the name it keeps: its address may be another in each run. */
function targetName({ target, plan }: Result): string {
  return target.identity?.name ?? plan.name
}

/** The operation that proof was got by, or the first one that was called. */
function operationOf({ judgement, transcript }: AttackResult): OperationId | undefined {
  const [first] = judgement?.proof?.exchanges ?? []
  return (transcript.find(entry => entry.id === first) ?? transcript[0])?.op
}

/** The line of an operation in the target module, which describes the backend's interface in the reader's own repository. */
function targetPlace({ plan }: Result, operation: OperationId | undefined): Place {
  const { source } = plan
  if (source === undefined) return { file: repositoryPath(plan.target.module), line: 1 }
  const line = operation === undefined ? undefined : source.target.lines[operation]
  return { file: source.target.file, line: line ?? 1 }
}

/** Where the budgets are written down. */
export function configPlace({ plan }: Result): Place {
  const config = plan.source?.config
  return { file: config?.file ?? 'onetap.config.ts', line: config?.budgetsLine ?? 1 }
}

/** A path as it may be shown: one that leads out of the repository keeps its last part only. */
function repositoryPath(path: string): string {
  const plain = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
  const outside = /^(?:\/|[A-Za-z]:|\.\.\/)/.test(plain)
  return (outside ? plain.split('/').at(-1) : plain) || 'onetap.target.ts'
}

/** Sixteen hex digits, the same on every machine. */
function fingerprintOf(...parts: readonly string[]): string {
  const text = parts.join('\n')
  const first = saltOf(text)
  const second = mix32(first ^ saltOf([...parts].reverse().join('\n')))
  return [first, second].map(word => word.toString(16).padStart(8, '0')).join('')
}

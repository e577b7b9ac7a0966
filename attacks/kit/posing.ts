import type { Judgement, Lab } from '../../src/contract/attack.ts'
import type { Attempt, OpenAttempt } from './attempt.ts'
import { fail, names } from './judging.ts'

/** An attempt, with the journal rows in which the target asked as an app that is not its own. */
export type PosingAttempt = Attempt & { foreignCalls: number[] }

/** Reads the carrier journal for attempts; `ours` is the target's app id at the carrier of each. */
export async function withForeignCalls(lab: Lab, open: readonly (OpenAttempt & { ours: string })[]): Promise<PosingAttempt[]> {
  const rows = await lab.carrierCalls(open.flatMap(({ watch }) => watch))
  return open.map(({ attempt, watch, ours }) => {
    const calls = rows.filter(({ token }) => watch.includes(token))
    const foreign = calls.filter(({ appId }) => appId !== ours)
    return { ...attempt, calls: calls.map(({ seq }) => seq), foreignCalls: foreign.map(({ seq }) => seq) }
  })
}

/** Red when the target asked as another app; undefined when it never did. `observed` says how many of the attempts led to that. */
export function judgePosing(attempts: readonly PosingAttempt[], observed: (posed: number) => string): Judgement | undefined {
  const posed = attempts.filter(({ foreignCalls }) => foreignCalls.length > 0)
  if (posed.length === 0) return undefined
  return fail(
    `The target asked the carrier in the name of an app the client named (${names(posed)}).`,
    'carrier-call',
    'The carrier journal shows calls under another app id than the target’s own.',
    {
      exchanges: posed.map(({ exchange }) => exchange),
      journal: posed.flatMap(({ foreignCalls }) => foreignCalls),
      expected: 'its own app id, or no call',
      observed: observed(posed.length),
    },
  )
}

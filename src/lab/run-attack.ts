import type { Attack, AttackEvidence, Lab, NotApplicable } from '../contract/attack.ts'
import { HarnessError } from '../contract/errors.ts'
import type { MockBehaviour } from '../contract/journal.ts'
import type { Json } from '../contract/json.ts'
import { type ControlPlane, createControlPlane } from './control-plane.ts'
import { honestControl } from './honest-control.ts'
import { createLab, type LabOptions, type LabSession } from './lab.ts'
import { STOPPED } from './target-client.ts'
import { NothingToAttack, TargetTrouble } from './trouble.ts'

/**
 * Runs one attack: control before, observation, control after. Never throws for trouble with target or mocks: the evidence says
 * what happened. An observation cut short by the target has status `observed`, a null observation and a `reason`.
 */
export async function runAttack(attack: Attack, options: LabOptions): Promise<AttackEvidence> {
  const startedAt = performance.now()
  const missing = attack.meta.needs.filter(op => options.target.operations[op] === undefined)
  if (missing.length > 0) return blank(attack, startedAt, 'not-applicable', `the target has no operation ${missing.join(', ')}`)

  const control = createControlPlane(options.mocks)
  let session: LabSession | undefined
  try {
    return await underBehaviour(control, attack, async () => {
      session = await createLab({ ...options, label: attack.meta.id })
      const found = await look(attack, session, options.halt)
      return { attackId: attack.meta.id, ...found, ...remains(session), durationMs: performance.now() - startedAt }
    })
  } catch (error) {
    return { ...blank(attack, startedAt, 'error', sentence(error)), ...remains(session) }
  } finally {
    await session?.close()
  }
}

type Found = Pick<AttackEvidence, 'status' | 'observation' | 'control'> & { reason?: string }

async function look(attack: Attack, { lab, restore }: LabSession, halt?: AbortSignal): Promise<Found> {
  const before = await checkControl(attack, lab)
  // Attacking a target that refuses honest users would only show that it refuses.
  if (before !== null) return { status: 'observed', observation: null, control: { before, after: null } }
  // What it changed for everybody is set back before honest users are asked again, and always. A mock that cannot be set back
  // spoils the next attack: it throws.
  const seen = await observe(attack, lab).finally(restore)
  // Replies cut by the stop look like a target that fails: nothing may be concluded from them.
  if (halt?.aborted === true) return { status: 'observed', observation: null, reason: STOPPED, control: { before, after: null } }
  if (seen.status === 'not-applicable') return { ...seen, control: { before, after: null } }
  return { ...seen, control: { before, after: await checkControl(attack, lab) } }
}

async function checkControl(attack: Attack, lab: Lab): Promise<string | null> {
  try {
    return (await (attack.control?.(lab) ?? honestControl(lab))) ?? null
  } catch (error) {
    if (error instanceof TargetTrouble) return error.message
    throw error
  }
}

async function observe(attack: Attack, lab: Lab): Promise<Pick<AttackEvidence, 'status' | 'observation'> & { reason?: string }> {
  try {
    const observation = await attack.observe(lab)
    if (isNotApplicable(observation)) return { status: 'not-applicable', observation: null, reason: observation.notApplicable }
    return { status: 'observed', observation }
  } catch (error) {
    if (error instanceof NothingToAttack) return { status: 'not-applicable', observation: null, reason: error.message }
    if (error instanceof TargetTrouble) return { status: 'observed', observation: null, reason: error.message }
    throw error
  }
}

function isNotApplicable(value: Json | NotApplicable): value is NotApplicable {
  return typeof value === 'object' && value !== null && 'notApplicable' in value && typeof value.notApplicable === 'string'
}

/** Runs `work` with what the attack needs of the mocks, and sets it back. A mock that cannot be set back spoils the next attack: it throws. */
async function underBehaviour<Result>(control: ControlPlane, attack: Attack, work: () => Promise<Result>): Promise<Result> {
  const singleUse = attack.meta.behaviour?.singleUse
  if (singleUse === undefined) return work()
  const usual = await control.call<MockBehaviour>('GET', '/__onetap/behaviour')
  // A rule of the run's own about reuse would win over what the attack asks for, and the attack then mean nothing.
  await control.call('PUT', '/__onetap/behaviour', { singleUse, reuse: [] })
  try {
    return await work()
  } finally {
    await control.call('PUT', '/__onetap/behaviour', { singleUse: usual.singleUse, reuse: usual.reuse ?? [] })
  }
}

function blank(attack: Attack, startedAt: number, status: AttackEvidence['status'], reason: string): AttackEvidence {
  const control = { before: null, after: null }
  const durationMs = performance.now() - startedAt
  return {
    attackId: attack.meta.id,
    control,
    status,
    reason,
    observation: null,
    transcript: [],
    journal: [],
    durationMs,
    requests: 0,
  }
}

function remains(session: LabSession | undefined): Pick<AttackEvidence, 'transcript' | 'journal' | 'requests'> {
  return { transcript: session?.transcript() ?? [], journal: session?.journal() ?? [], requests: session?.requests() ?? 0 }
}

function sentence(error: unknown): string {
  if (error instanceof HarnessError) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

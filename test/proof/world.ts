import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { attacks } from '../../attacks/index.ts'
import target from '../../onetap.target.ts'
import type { Attack, AttackEvidence } from '../../src/contract/attack.ts'
import { CARRIER_IDS } from '../../src/contract/carriers.ts'
import type { MocksReady } from '../../src/contract/journal.ts'
import type { TargetProfile } from '../../src/contract/target.ts'
import { type AttackVerdict, attackVerdict } from '../../src/judge/attack-verdict.ts'
import type { LabOptions } from '../../src/lab/lab.ts'
import { runAttack } from '../../src/lab/run-attack.ts'
import { sideBySide } from '../../src/run/side-by-side.ts'
import { startChild } from '../../src/world/child.ts'
import { type RunningMocks, startMocksProcess } from '../../src/world/mocks.ts'
import type { OutputLog } from '../../src/world/output-log.ts'

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const READY_WITHIN_MS = 20_000
const SEED = 20_261
/** Short enough to wait for its end, long enough for a busy machine to use one in time. */
const NONCE_LIFE_MS = 4000

/** The reference backend as the proof starts it. */
export const patientTarget: TargetProfile = { ...target, traits: { ...target.traits, nonceLifeMs: NONCE_LIFE_MS } }

/** The same, with what the environment changes about it. */
function targetIn(env: Readonly<Record<string, string>>): TargetProfile {
  const instances = env.DIALECT === 'two-instances' ? { instances: 2 } : {}
  const calls = env.CARRIER_CALLS_PER_SECOND === undefined ? {} : { carrierCallsPerSecond: Number(env.CARRIER_CALLS_PER_SECOND) }
  const nonces = /nonce-source-minute=(\d+)/.exec(env.LIMITS ?? '')?.[1]
  const fetched = nonces === undefined ? {} : { noncesPerMinute: Number(nonces) }
  return { ...patientTarget, traits: { ...patientTarget.traits, ...instances, ...calls, ...fetched } }
}

/** Mock carriers that answer as slowly as while a run attacks: a slow carrier widens races. */
export function startCarriers(): Promise<RunningMocks> {
  return startMocksProcess(path.join(ROOT, 'mocks/main.ts'), {
    runId: `proof-${randomBytes(6).toString('hex')}`,
    seed: SEED,
    subscribers: 1000,
    carriers: CARRIER_IDS,
    providers: ['alibaba-dytns', 'sms-gateway', 'weibo', 'qq', 'wechat', 'netease'],
    behaviour: { latency: { kind: 'fixed', ms: 15 }, faults: [], singleUse: 'strict' },
  })
}

export interface Patient {
  url: string
  rebindSecret: string
  jwtSecret: string
  log: OutputLog
  stop(): Promise<void>
}

/** The patient with what can be said of it as it was started. */
export type StartedPatient = Patient & { target: TargetProfile }

/** The reference backend in a process of its own, with these flaws (`control=flaw,…`). `env`: more of its environment. */
export async function startPatient(
  mocks: MocksReady,
  flaws: string,
  session: 'jwt' | 'opaque' = 'jwt',
  env: Readonly<Record<string, string>> = {},
): Promise<StartedPatient> {
  const patient = await startBackend(mocks, 'reference-backend/main.ts', {
    FLAWS: flaws,
    SESSION: session,
    CARRIER_TIMEOUT_MS: '700',
    NONCE_TTL_MS: String(NONCE_LIFE_MS),
    LOG_LOGINS: 'on',
    ...env,
  })
  return { ...patient, target: targetIn(env) }
}

/** A backend that prints `{"listening":url}`, given the mocks' environment and what is its own. */
export async function startBackend(mocks: MocksReady, entry: string, env: Record<string, string>): Promise<Patient> {
  const rebindSecret = randomBytes(16).toString('hex')
  const jwtSecret = randomBytes(32).toString('hex')
  const child = startChild([process.execPath, '--disable-warning=ExperimentalWarning', path.join(ROOT, entry)], {
    env: {
      ...mocks.environment,
      PORT: '0',
      REBIND_SECRET: rebindSecret,
      SHOP_REBIND_KEY: rebindSecret,
      JWT_SECRET: jwtSecret,
      ONETAP_RUN_ID: mocks.runId,
      ONETAP_PARENT_PIPE: '1',
      ...env,
    },
  })
  const line = await child.firstLine(READY_WITHIN_MS)
  if (line === undefined) {
    await child.stop()
    throw new Error(`${entry} did not start: ${child.tail().join('\n')}`)
  }
  const url = (JSON.parse(line) as { listening: string }).listening
  return { url, rebindSecret, jwtSecret, log: child.log, stop: () => child.stop() }
}

export interface Examined {
  attack: Attack
  evidence: AttackEvidence
  verdict: AttackVerdict
}

export interface Place {
  url: string
  rebindSecret: string
  /** The key session tokens are signed with, where there is one. */
  jwtSecret?: string
  target?: TargetProfile
  raceRounds?: number
  log?: OutputLog
  nonceStore?: LabOptions['nonceStore']
}

/** Runs one attack with small limits: loopback needs few rounds, and the reference backend cuts sessions at once. */
export async function examine(attack: Attack, mocks: MocksReady, place: Place, shared = false): Promise<Examined> {
  const evidence = await runAttack(attack, {
    runId: mocks.runId,
    seed: SEED,
    baseUrl: place.url,
    target: place.target ?? patientTarget,
    vars: {
      rebindSecret: place.rebindSecret,
      rebindKey: place.rebindSecret,
      ...(place.jwtSecret === undefined ? {} : { jwtSecret: place.jwtSecret }),
    },
    mocks,
    limits: { revocationWithinMs: 400, raceRounds: place.raceRounds ?? 4, raceWidth: 8 },
    // Longer than a backend waits for its carrier.
    requestTimeoutMs: 5_000,
    targetLog: place.log,
    ...(place.nonceStore === undefined ? {} : { nonceStore: place.nonceStore }),
    shared,
  })
  return { attack, evidence, verdict: attackVerdict(attack, evidence) }
}

/** More at once than in a run: what is proved here must not depend on quiet. */
const AT_ONCE = 6

/** As a run does: side by side where attacks do not disturb each other. In the order of the attacks. */
export async function examineAll(mocks: MocksReady, place: Place, chosen: readonly Attack[] = attacks): Promise<Examined[]> {
  const all = new Map<Attack, Examined>()
  await sideBySide(chosen, AT_ONCE, async (attack, shared) => {
    all.set(attack, await examine(attack, mocks, place, shared))
  })
  return chosen.flatMap(attack => all.get(attack) ?? [])
}

/** `id: outcome (claim)`, for a failed expectation that can be read. */
export function told({ attack, verdict }: Examined): string {
  return `${attack.meta.id}: ${verdict.outcome} (${verdict.claim})`
}

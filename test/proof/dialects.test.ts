import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../attacks/index.ts'
import shop from '../../examples/cookie-shop/onetap.target.ts'
import target from '../../onetap.target.ts'
import { runsAlone } from '../../src/contract/attack.ts'
import { jsonBody, type Reading, type Reply, type TargetProfile } from '../../src/contract/target.ts'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { answer, type Dialect, type PlainReply, speakThrough } from './dialect-proxy.ts'
import { type Examined, examineAll, type Patient, startBackend, startCarriers, startPatient, told } from './world.ts'

/** Each commit leaves out what needs the world to itself, but for the race that is asked about below; those run one by one. */
const chosen =
  process.env.PROOF_FULL === '1' ? attacks : attacks.filter(({ meta }) => !runsAlone(meta) || meta.id === 'rp-nonce-race')
/** Every attack, one after the other, over a slow wire. */
const WITHIN_MS = 400_000

/** Sound backends speak differently. None of them may be accused, and where speech hides the answer the verdict is inconclusive. */
describe('a sound backend in another dialect', { timeout: WITHIN_MS }, () => {
  let mocks: RunningMocks
  let patient: Patient
  beforeAll(async () => {
    mocks = await startCarriers()
    patient = await startPatient(mocks.ready, '', 'opaque')
  })
  afterAll(async () => {
    await patient?.stop()
    await mocks?.stop()
  })

  async function through(dialect: Dialect, profile: TargetProfile = target): Promise<Examined[]> {
    const proxy = await speakThrough(patient.url, dialect)
    try {
      return await examineAll(mocks.ready, { url: proxy.url, rebindSecret: patient.rebindSecret, target: profile }, chosen)
    } finally {
      await proxy.close()
    }
  }

  const outcomesOutside = (all: Examined[], ...allowed: string[]): string[] =>
    all.filter(({ verdict }) => !allowed.includes(verdict.outcome)).map(told)

  it('passes with session cookies, nested fields and HTTP 200 for every refusal (the cookie shop)', async () => {
    const backend = await startBackend(mocks.ready, 'examples/cookie-shop/server.ts', {})
    try {
      const all = await examineAll(mocks.ready, { ...backend, target: shop }, chosen)
      expect(outcomesOutside(all, 'pass', 'not-applicable')).toEqual([])
    } finally {
      await backend.stop()
    }
  })

  it('passes when HTTP 200 carries the error code', async () => {
    const all = await through(async (_, forward) => {
      const reply = await forward()
      const data: unknown = reply.body === '' ? null : JSON.parse(reply.body)
      return answer(200, { code: reply.status < 300 ? 0 : reply.status, done: reply.status, data })
    }, wrapped)
    expect(outcomesOutside(all, 'pass', 'not-applicable')).toEqual([])
  })

  it('passes when it is slow', async () => {
    const all = await through(async (_, forward) => {
      await sleep(20)
      return forward()
    })
    expect(outcomesOutside(all, 'pass', 'not-applicable')).toEqual([])
  })

  it('is not accused when every 25th request meets an honest 503', async () => {
    const all = await through(async ({ nth }, forward) => (nth % 25 === 0 ? answer(503, { error: { code: 'BUSY' } }) : forward()))
    expect(outcomesOutside(all, 'pass', 'not-applicable', 'inconclusive')).toEqual([])
  })

  it('is not accused, and not acquitted of what was not seen, when it limits logins strictly', async () => {
    let logins = 0
    const all = await through(async ({ path }, forward) =>
      path.includes('one-tap') && ++logins % 2 === 0 ? answer(429, { error: { code: 'SLOW_DOWN' } }) : forward(),
    )
    expect(outcomesOutside(all, 'pass', 'not-applicable', 'inconclusive')).toEqual([])
    const race = all.find(({ attack }) => attack.meta.id === 'rp-nonce-race')!
    expect(race.verdict.outcome, told(race)).toBe('inconclusive')
  })

  it('is not accused when it repeats its earlier reply to a repeated nonce', async () => {
    const replies = new Map<string, Promise<PlainReply>>()
    const all = await through(async ({ path, body }, forward) => {
      const nonce = path.includes('one-tap') ? nonceIn(body) : undefined
      if (nonce === undefined) return forward()
      const reply = replies.get(nonce) ?? forward()
      replies.set(nonce, reply)
      return reply
    })
    expect(outcomesOutside(all, 'pass', 'not-applicable', 'inconclusive')).toEqual([])
  })
})

function nonceIn(body: string): string | undefined {
  let nonce: unknown
  try {
    nonce = (JSON.parse(body) as { nonce?: unknown } | null)?.nonce
  } catch {
    // Attacks send broken JSON too: it names no nonce, and the backend behind refuses it.
  }
  return typeof nonce === 'string' && nonce.length > 9 ? nonce : undefined
}

/** The reference backend's module behind `{code, data}` in HTTP 200. */
const wrapped: TargetProfile = {
  ...target,
  operations: Object.fromEntries(
    Object.entries(target.operations).map(([id, operation]) => [id, { ...operation, read: unwrapping(operation.read) }]),
  ),
}

function unwrapping(read: (reply: Reply) => Reading): (reply: Reply) => Reading {
  return reply => {
    const { code, done, data } = jsonBody(reply)
    const status = Number(code === 0 ? done : code)
    return read({ ...reply, status: reply.status === 200 ? status : reply.status, body: JSON.stringify(data) })
  }
}

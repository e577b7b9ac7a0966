import { beforeEach, describe, expect, it } from 'vitest'
import oneTap from '../../../scenarios/one-tap.ts'
import type { FaultRule } from '../../../src/contract/fault.ts'
import type { TargetProfile } from '../../../src/contract/target.ts'
import { readToken } from '../../../src/contract/token.ts'
import { VISIT_SPAN } from '../../../src/contract/visit.ts'
import { Crowd } from '../../../src/engines/crowd.ts'
import { HonestUser } from '../../../src/engines/honest-user.ts'
import { LoadRecorder } from '../../../src/engines/load-recorder.ts'
import { fakeJob, SEED } from '../../contract/fake-backend/job.ts'
import target from '../../contract/fake-backend/target.ts'

const ok = (body: object) => ({ status: 200, body: JSON.stringify(body), headers: {} })
let recorder: LoadRecorder

beforeEach(() => {
  recorder = new LoadRecorder()
})

function crowdOf(
  change: { measureFromMs?: number; vars?: Record<string, string>; faults?: FaultRule[]; target?: TargetProfile } = {},
) {
  const base = fakeJob('http://127.0.0.1:9/base')
  const job = { ...base, vars: change.vars ?? {}, carriers: { ...base.carriers, faults: change.faults ?? [] } }
  return new Crowd(job, { scenario: oneTap, target: change.target ?? target }, recorder, change.measureFromMs ?? 0)
}

/** Counts by series and outcome. */
function counts(): Record<string, number> {
  return Object.fromEntries(recorder.totals().map(t => [`${t.series} ${t.outcome}`, t.count]))
}

describe('a user of a closed load', () => {
  it('makes visit after visit, a step when the one before is answered', () => {
    const user = new HonestUser(crowdOf())
    expect(user.next()?.path).toBe('/base/nonce')
    user.reply(ok({ nonce: 'n' }))
    const login = user.next()
    expect(login?.path).toBe('/base/login')
    expect(JSON.parse(login?.body ?? '')).toMatchObject({ nonce: 'n' })
    user.reply(ok({ credential: 'c' }))
    expect(user.next()?.headers).toMatchObject({ Authorization: 'Bearer c' })
    user.reply(ok({}))
    expect(user.next()?.path).toBe('/base/nonce')
    expect(counts()).toEqual({ 'nonce granted': 1, 'oneTap granted': 1, 'backend_added granted': 1, 'me granted': 1 })
    expect([recorder.attempted, recorder.completed]).toEqual([2, 1])
  })

  it('counts a request that is asked for again without a reply as lost', () => {
    const user = new HonestUser(crowdOf())
    user.next()
    expect(user.next()?.path).toBe('/base/nonce')
    expect(counts()).toEqual({ 'nonce failed': 1 })
    expect([recorder.transport, recorder.attempted, recorder.completed]).toEqual([1, 2, 1])
  })

  it('ends its visit after the crowd is closed and begins none', () => {
    const crowd = crowdOf()
    const user = new HonestUser(crowd)
    user.next()
    crowd.close()
    user.reply(ok({ nonce: 'n' }))
    expect(user.done).toBe(false)
    user.next()
    user.reply({ status: 403, body: '', headers: {} })
    expect(user.done).toBe(true)
    expect(user.next()).toBeUndefined()
    expect(counts()).toMatchObject({ 'oneTap refused': 1 })
    expect(recorder.completed).toBe(1)
  })

  it('leaves no trace while warming up, and uses other tokens then', () => {
    const user = new HonestUser(crowdOf({ measureFromMs: Number.POSITIVE_INFINITY }))
    user.next()
    user.reply(ok({ nonce: 'n' }))
    const { carrier, token } = JSON.parse(user.next()?.body ?? '')
    expect(readToken(SEED, carrier, token)?.tokenIndex).toBe(VISIT_SPAN.warmUp)
    user.reply(ok({ credential: 'c' }))
    expect(counts()).toEqual({})
    expect(recorder.attempted).toBe(0)
  })

  it('lays a failure at the carrier when the token was to be failed', () => {
    const user = new HonestUser(crowdOf({ faults: [{ id: 'error-rate', share: 1, answer: 'http' }] }))
    user.next()
    user.reply(ok({ nonce: 'n' }))
    user.next()
    user.reply({ status: 502, body: '', headers: {} })
    expect(counts()).toEqual({ 'nonce granted': 1, 'oneTap carrier-failed': 1 })
  })

  it('takes a reader that throws for a failed step', () => {
    const user = new HonestUser(crowdOf())
    user.next()
    user.reply(ok({ nonce: 'n' }))
    user.next()
    user.reply(ok({ credential: 'c' }))
    user.next()
    user.reply({ status: 418, body: '', headers: {} })
    expect(counts()).toMatchObject({ 'me failed': 1 })
    expect(recorder.threw).toBe(0)
  })

  it('gives up when the target module cannot build a request, instead of spinning', () => {
    const { nonce: _none, ...operations } = target.operations
    const user = new HonestUser(crowdOf({ vars: { breakBody: 'yes' }, target: { ...target, operations } }))
    expect(user.next()).toBeUndefined()
    expect(recorder.threw).toBe(10)
    expect(recorder.completed).toBe(recorder.attempted)
  })
})

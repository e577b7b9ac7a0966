import { expect } from 'vitest'
import type { Patient } from '../patient.ts'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

export const notices: Witnesses = {
  'reissue-unbinds=ignored': async patient => {
    const former = await patient.login('13500000001')
    expect((await notify(patient, 'reissued')).json).toEqual({ applied: true })
    expect((await patient.me(former.json.tokenA)).status).toBe(200)
    expect((await patient.login('13500000001')).json.account).toEqual(former.json.account)
  },
  'reissue-unbinds=keeps-sessions': async patient => {
    const former = await patient.login('13500000001')
    expect((await notify(patient, 'reissued')).json).toEqual({ applied: true })
    expect((await patient.me(former.json.tokenA)).status).toBe(200)
    expect((await patient.login('13500000001')).json.created).toBe(true)
  },
  'reissue-told-apart=any-imsi-change': async patient => {
    for (const kind of ['sim-replaced', 'ported'] as const) {
      const owner = await patient.login('13500000001')
      await notify(patient, kind)
      expect((await patient.me(owner.json.tokenA)).status).toBe(401)
      expect((await patient.login('13500000001')).json.created).toBe(true)
    }
  },
  'subscriber-checked=no-subscriber-check': async patient => {
    const former = await patient.login(NUMBER)
    patient.outside.subscribers.set(NUMBER, '1')
    expect((await patient.login(NUMBER)).json.account).toEqual(former.json.account)
    expect(patient.outside.calls).toEqual([])
  },
  'notice-authentic=notify-no-auth': async patient => {
    const owner = await patient.login(NUMBER)
    patient.clock.nowMs += 10
    const occurredAt = new Date(patient.clock.nowMs).toISOString()
    const notice = { eventId: 'forged', kind: 'reissued', msisdn: NUMBER, carrier: 'china-mobile', occurredAt, sequence: 1 }
    expect((await patient.post('/v1/carrier/rebind', notice)).json).toEqual({ applied: true })
    expect((await patient.me(owner.json.tokenA)).status).toBe(401)
  },
  'notice-order=notify-not-idempotent': async patient => {
    await patient.login(NUMBER)
    const repeat = await notifyRepeatedly(patient)
    const owner = await patient.login(NUMBER)
    expect((await repeat()).json).toEqual({ applied: true })
    expect((await patient.me(owner.json.tokenA)).status).toBe(401)
  },
  'notice-order=notify-no-order': async patient => {
    const occurredAt = new Date(patient.clock.nowMs).toISOString()
    patient.clock.nowMs += 10
    const owner = await patient.login(NUMBER)
    const late = { eventId: 'late', kind: 'reissued', msisdn: NUMBER, carrier: 'china-mobile', occurredAt, sequence: 1 }
    await patient.rebind(late)
    expect((await patient.me(owner.json.tokenA)).status).toBe(401)
    expect((await patient.rebind(late)).json).toEqual({ applied: false })
  },
  'recovery-cut=recovery-keeps-number': async patient => {
    const { tokenA } = (await patient.login(NUMBER)).json
    const headers = { 'x-reauth': await patient.ticket(tokenA, NUMBER) }
    await patient.call('POST', '/v1/identities', { as: tokenA, headers, body: { type: 'email', email: 'former@example.com' } })
    const body = { email: 'former@example.com', code: patient.backend.outbox.sent.at(-1)?.code }
    await patient.call('POST', '/v1/identities/email/verify', { as: tokenA, body })
    await notify(patient, 'reissued')
    const code = await patient.smsCode(NUMBER, 'reset')
    const password = 'the new owner’s'
    expect((await patient.post('/v1/password/reset', { number: NUMBER, code, password })).status).toBe(204)
    expect((await patient.post('/v1/login/password', { identifier: 'former@example.com', password })).status).toBe(200)
  },
}

/** A notice worked off, and what sends it again. */
async function notifyRepeatedly(patient: Patient) {
  patient.clock.nowMs += 10
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  const notice = { eventId: 'again', kind: 'reissued', msisdn: NUMBER, carrier: 'china-mobile', occurredAt, sequence: 1 }
  await patient.rebind(notice)
  patient.clock.nowMs += 10
  return () => patient.rebind(notice)
}

async function notify(patient: Patient, kind: string) {
  patient.clock.nowMs += 10
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  const notice = { eventId: `${kind}-1`, kind, msisdn: NUMBER, carrier: 'china-mobile', occurredAt, sequence: 1 }
  const answer = await patient.rebind(notice)
  patient.clock.nowMs += 10
  return answer
}

import { expect } from 'vitest'
import type { Patient } from '../patient.ts'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

const send = (patient: Patient, number: string, headers = {}) =>
  patient.post('/v1/sms/code', { number, purpose: 'login' }, headers)
const logIn = (patient: Patient, number: string, code: string) => patient.post('/v1/login/sms', { number, code })

export const codes: Witnesses = {
  'code-secret=otp-echo': async patient => {
    const answer = await send(patient, NUMBER)
    expect(answer.text).toContain(patient.outside.sms.at(-1)?.code)
  },
  'code-vault=sms-code-reusable': async patient => {
    const code = await patient.smsCode(NUMBER, 'login')
    for (let i = 0; i < 2; i++) expect((await logIn(patient, NUMBER, code)).status).toBe(200)
    patient.clock.nowMs += 60_000
    await patient.smsCode(NUMBER, 'login')
    expect((await logIn(patient, NUMBER, code)).status).toBe(200)
  },
  'code-vault=sms-code-no-ttl-or-racy': async patient => {
    const code = await patient.smsCode(NUMBER, 'login')
    patient.clock.nowMs += 24 * 3_600_000
    const answers = await Promise.all(Array.from({ length: 6 }, () => logIn(patient, NUMBER, code)))
    expect(answers.filter(answer => answer.status === 200).length).toBeGreaterThan(1)
  },
  'code-vault=operator-objects': async patient => {
    await patient.smsCode(NUMBER, 'login')
    const guess = (code: unknown) => patient.post('/v1/login/sms', { number: NUMBER, code })
    for (const code of [{}, { $ne: null, $regex: '^x' }, { $gt: '999999' }, { $where: '1' }])
      expect((await guess(code)).status).toBe(401)
    expect((await guess({ $ne: null })).json.tokenA).toBeDefined()
  },
  'code-vault=code-not-bound': async patient => {
    const code = await patient.smsCode(NUMBER, 'login')
    const victim = await patient.login('13500000002')
    expect((await logIn(patient, '13500000002', code)).json.account).toEqual(victim.json.account)
  },
  'code-vault=otp-unlimited': async patient => {
    const code = await patient.smsCode(NUMBER, 'login')
    const wrong = code === '000000' ? '000001' : '000000'
    for (let i = 0; i < 12; i++) expect((await logIn(patient, NUMBER, wrong)).status).toBe(401)
    expect((await logIn(patient, NUMBER, code)).status).toBe(200)
  },
  'limit-counting=limit-racy': async patient => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(patient, NUMBER)))
    expect(answers.filter(answer => answer.status === 202).length).toBeGreaterThan(1)
    expect((await send(patient, NUMBER)).status).toBe(429)
  },
  'limit-key=raw-limit-key': async patient => {
    for (const number of [NUMBER, `+86${NUMBER}`, `0086${NUMBER}`]) expect((await send(patient, number)).status).toBe(202)
    expect(patient.outside.sms.every(sms => sms.to === NUMBER)).toBe(true)
  },
  'sms-limits=sms-no-number-limit': async patient => {
    for (let i = 0; i < 12; i++) expect((await send(patient, NUMBER)).status).toBe(202)
  },
  'sms-limits=sms-no-global-limit': {
    environment: { LIMITS: 'sms-global-minute=1,sms-source-hour=1' },
    show: async patient => {
      for (let i = 0; i < 4; i++) expect((await send(patient, `1350000000${i}`)).status).toBe(202)
      expect((await send(patient, '13500000000')).status).toBe(429)
    },
  },
  'source-address=trust-xff': {
    environment: { LIMITS: 'sms-source-hour=1' },
    show: async patient => {
      for (let i = 0; i < 4; i++)
        expect((await send(patient, `1350000000${i}`, { 'x-forwarded-for': `192.0.2.${i}` })).status).toBe(202)
      expect((await send(patient, '13500000009', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(429)
    },
  },
  'number-canonical=late-normalise': async patient => {
    const victim = await patient.login(NUMBER)
    for (const number of ['１３５０００００００１', '+1 3500000001', `0${NUMBER}`]) {
      patient.clock.nowMs += 60_000
      await send(patient, number)
      expect(patient.outside.sms.at(-1)?.to).toBe(NUMBER)
      const code = patient.outside.sms.at(-1)?.code ?? ''
      expect((await logIn(patient, number, code)).json.account).toEqual(victim.json.account)
    }
  },
  'number-canonical=raw-phone-key': async patient => {
    const owner = await patient.login(NUMBER)
    const other = await logIn(patient, `+86${NUMBER}`, await patient.smsCode(`+86${NUMBER}`, 'login'))
    expect(other.json.account.id).not.toBe(owner.json.account.id)
    expect(other.status).toBe(200)
  },
}

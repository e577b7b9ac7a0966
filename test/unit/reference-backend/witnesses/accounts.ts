import { expect } from 'vitest'
import type { Patient } from '../patient.ts'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'
const OLD = 'correct horse'
const NEW = 'battery staple'

interface Owner {
  tokenA: string
  id: string
}

async function owner(patient: Patient, number = NUMBER): Promise<Owner> {
  const { tokenA, account } = (await patient.login(number)).json
  return { tokenA, id: account.id }
}

async function setPassword(patient: Patient, { tokenA }: Owner, password: string, number = NUMBER): Promise<void> {
  const headers = { 'x-reauth': await patient.ticket(tokenA, number) }
  expect((await patient.call('PUT', '/v1/password', { as: tokenA, headers, body: { password } })).status).toBe(204)
}

async function bind(patient: Patient, { tokenA }: Owner, body: unknown, number = NUMBER) {
  const headers = { 'x-reauth': await patient.ticket(tokenA, number) }
  return patient.call('POST', '/v1/identities', { as: tokenA, headers, body })
}

const logIn = (patient: Patient, identifier: string, password: string) =>
  patient.post('/v1/login/password', { identifier, password })
const byQq = (patient: Patient, accessToken: string, fields = {}) =>
  patient.post('/v1/login/third-party', { provider: 'qq', accessToken, ...fields })

export const accounts: Witnesses = {
  'uniform-answers=enum-message': async patient => {
    await owner(patient)
    expect((await logIn(patient, '13500000099', OLD)).status).toBe(404)
    expect((await logIn(patient, NUMBER, OLD)).status).toBe(401)
  },
  'uniform-answers=enum-early-exit': async patient => {
    const before = patient.backend.flows.hasher.rounds
    expect((await logIn(patient, '13500000099', OLD)).status).toBe(401)
    expect(patient.backend.flows.hasher.rounds).toBe(before)
  },
  'lockout=lock-by-victim': async patient => {
    await owner(patient)
    for (let i = 0; i < 5; i++) expect((await logIn(patient, NUMBER, 'wrong one')).status).toBe(401)
    expect((await patient.login(NUMBER)).json.error.code).toBe('LOCKED')
  },
  'claims-end-at-login=keep-foreign-ids': async patient => {
    const attacker = await owner(patient)
    expect((await bind(patient, attacker, { type: 'phone', number: '13500000077' })).status).toBe(202)
    // Before its owner came, the claim opened nothing.
    const victim = (await patient.login('13500000077')).json
    expect(victim.account.id).toBe(attacker.id)
    expect((await patient.login(NUMBER)).json.account.id).toBe(victim.account.id)
    expect((await patient.me(attacker.tokenA)).json.account.id).toBe(victim.account.id)
  },
  'one-password=password-per-row': async patient => {
    const me = await owner(patient)
    await bind(patient, me, { type: 'email', email: 'me@example.com' })
    const body = { email: 'me@example.com', code: patient.backend.outbox.sent.at(-1)?.code }
    await patient.call('POST', '/v1/identities/email/verify', { as: me.tokenA, body })
    await setPassword(patient, me, OLD)
    await setPassword(patient, me, NEW)
    expect((await logIn(patient, NUMBER, OLD)).status).toBe(401)
    expect((await logIn(patient, NUMBER, NEW)).status).toBe(200)
    expect((await logIn(patient, 'me@example.com', OLD)).status).toBe(200)
  },
  'credential-change-cuts=reset-keeps-sessions': async patient => {
    const [me, thief] = [await owner(patient), await owner(patient)]
    await setPassword(patient, me, OLD)
    const code = await patient.smsCode(NUMBER, 'reset')
    await patient.post('/v1/password/reset', { number: NUMBER, code, password: NEW })
    expect((await patient.me(thief.tokenA)).status).toBe(200)
  },
  'reset-proved=client-step-state': async patient => {
    const victim = await owner(patient)
    const reset = await patient.post('/v1/password/reset', { number: NUMBER, codeVerified: true, password: NEW })
    expect(reset.status).toBe(204)
    expect((await logIn(patient, NUMBER, NEW)).json.account.id).toBe(victim.id)
  },
  'reauth-required=no-reauth': async patient => {
    const me = await owner(patient)
    expect((await patient.call('PUT', '/v1/password', { as: me.tokenA, body: { password: NEW } })).status).toBe(204)
  },
  'bind-proved=bind-no-proof': async patient => {
    const me = await owner(patient)
    expect((await bind(patient, me, { type: 'phone', number: '13500000002', code: '000000' })).status).toBe(201)
    expect((await patient.login('13500000002')).json.account.id).toBe(me.id)
  },
  'identifier-verified=merge-unverified': async patient => {
    const attacker = await owner(patient)
    expect((await bind(patient, attacker, { type: 'phone', number: '13500000002' })).status).toBe(202)
    expect((await patient.login('13500000002')).json).toMatchObject({ created: false, account: { id: attacker.id } })
  },
  'identity-unique=create-account-racy': async patient => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => patient.login('13500000003')))
    expect(new Set(answers.map(answer => answer.json.account.id)).size).toBeGreaterThan(1)
  },
  'identity-unique=bind-racy': async patient => {
    const owners = await Promise.all(Array.from({ length: 4 }, (_, i) => owner(patient, `1350000001${i}`)))
    const answers = await Promise.all(
      owners.map((me, i) => {
        const accessToken = patient.outside.credential('qq', 'contested')
        return bind(patient, me, { type: 'qq', accessToken }, `1350000001${i}`)
      }),
    )
    expect(answers.filter(answer => answer.status === 201).length).toBeGreaterThan(1)
  },
  'owner-checked=no-owner-check': async patient => {
    const [me, other] = [await owner(patient), await owner(patient, '13500000002')]
    const answer = await patient.call('GET', `/v1/accounts/${other.id}`, { as: me.tokenA })
    expect(answer.json.account.maskedNumber).toBe('135****0002')
  },
  'profile-fields=mass-assign': async patient => {
    const me = await owner(patient)
    await patient.call('PATCH', '/v1/me', { as: me.tokenA, body: { nickname: 'x', qq: 'victim', phone: '13500000002' } })
    expect((await byQq(patient, patient.outside.credential('qq', 'victim'))).json.account.id).toBe(me.id)
    expect((await patient.login('13500000002')).json.account.id).toBe(me.id)
  },
  'provider-identity=openid-from-client': async patient => {
    const victim = await byQq(patient, patient.outside.credential('qq', 'victim'))
    const thief = await byQq(patient, patient.outside.credential('qq', 'thief'), { openId: 'victim' })
    expect(thief.json.account).toEqual(victim.json.account)
    expect((await byQq(patient, 'invented', { openId: 'victim' })).status).toBe(401)
  },
  'provider-identity=no-provider-audience': async patient => {
    const victim = await byQq(patient, patient.outside.credential('qq', 'victim'))
    const foreign = await byQq(patient, patient.outside.credential('qq', 'victim', 'foreign'))
    expect(foreign.json.account).toEqual(victim.json.account)
  },
  'provider-identity=identifier-no-type': async patient => {
    const victim = await byQq(patient, patient.outside.credential('qq', '4711'))
    const accessToken = patient.outside.credential('weibo', '4711')
    const other = await patient.post('/v1/login/third-party', { provider: 'weibo', accessToken })
    expect(other.json.account).toEqual(victim.json.account)
  },
  'sql-parameters=string-sql': async patient => {
    const me = await owner(patient)
    const nickname = "'||(select max(id) from user_basic)||'"
    const answer = await patient.call('PATCH', '/v1/me', { as: me.tokenA, body: { nickname } })
    expect(answer.json.account.nickname).toMatch(/^[0-9a-f-]{36}$/)
  },
  'verify-limits=verify-unlimited': async patient => {
    const me = await owner(patient)
    patient.carriers.singleUse = 'lenient'
    const token = patient.carriers.token('china-mobile', NUMBER)
    for (let i = 0; i < 15; i++) {
      const body = { carrier: 'china-mobile', token, number: `1350000001${i % 10}` }
      expect((await patient.call('POST', '/v1/verify-number', { as: me.tokenA, body })).json).toEqual({ match: false })
    }
  },
  'verify-limits=verify-partial-free': async patient => {
    const me = await owner(patient)
    const token = patient.carriers.token('china-mobile', NUMBER)
    const before = patient.carriers.calls.length
    for (let i = 0; i < 15; i++) {
      const body = { carrier: 'china-mobile', token, lastDigits: String(i).padStart(4, '0') }
      expect((await patient.call('POST', '/v1/verify-number', { as: me.tokenA, body })).json).toEqual({ match: i === 1 })
    }
    expect(patient.carriers.calls.length).toBe(before)
  },
}

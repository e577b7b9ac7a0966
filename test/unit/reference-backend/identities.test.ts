import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorisation, type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

interface Owner {
  tokenA: string
  id: string
  number: string
}

async function owner(number: string, at: Patient = patient): Promise<Owner> {
  const { tokenA, account } = (await at.login(number)).json
  return { tokenA, id: account.id, number }
}

async function bind(who: Owner, body: Record<string, unknown>, at: Patient = patient) {
  const headers = { 'x-reauth': await at.ticket(who.tokenA, who.number) }
  return at.call('POST', '/v1/identities', { as: who.tokenA, headers, body })
}

describe('binding', () => {
  it('a third party’s identity gives a second way into the account', async () => {
    const me = await owner('13730000001')
    expect((await bind(me, { type: 'qq', accessToken: patient.outside.credential('qq', '7001') })).status).toBe(201)
    const login = { provider: 'qq', accessToken: patient.outside.credential('qq', '7001') }
    expect((await patient.post('/v1/login/third-party', login)).json).toMatchObject({ created: false, account: { id: me.id } })
  })

  it('a second number is proved by a code or a carrier token', async () => {
    const me = await owner('13730000002')
    const code = await patient.smsCode('13730000003', 'bind')
    expect((await bind(me, { type: 'phone', number: '13730000003', code })).status).toBe(201)
    const nonce = await patient.nonce('bind')
    const token = { ...authorisation(patient.carriers, '13730000004', 'china-unicom'), nonce }
    expect((await bind(me, { type: 'phone', ...token })).status).toBe(201)
    for (const number of ['13730000003', '13730000004']) expect((await patient.login(number)).json.account.id).toBe(me.id)
  })

  it('needs proof: a wrong code, a login nonce or nothing do not do', async () => {
    const me = await owner('13730000005')
    await patient.smsCode('13730000006', 'login')
    const login = patient.outside.sms.at(-1)?.code
    expect((await bind(me, { type: 'phone', number: '13730000006', code: login })).status).toBe(401)
    const token = { ...authorisation(patient.carriers, '13730000006', 'china-mobile'), nonce: await patient.nonce() }
    expect((await bind(me, { type: 'phone', ...token })).status).toBe(401)
    expect((await bind(me, { type: 'phone', number: '13730000006' })).status).toBe(202)
    expect((await patient.login('13730000006')).json.account.id).not.toBe(me.id)
  })

  it('is refused when the identity is another account’s, and changes nothing', async () => {
    const [me, other] = [await owner('13730000007'), await owner('13730000008')]
    const code = await patient.smsCode('13730000008', 'bind')
    expect(await bind(me, { type: 'phone', number: '13730000008', code })).toMatchObject({
      status: 409,
      json: { error: { code: 'IDENTITY_TAKEN' } },
    })
    expect((await patient.login('13730000008')).json.account.id).toBe(other.id)
  })

  it('one identity to many accounts at once succeeds for one', async () => {
    const owners = await Promise.all(Array.from({ length: 8 }, (_, i) => owner(`1373000010${i}`)))
    const answers = await Promise.all(
      owners.map(me => bind(me, { type: 'weibo', accessToken: patient.outside.credential('weibo', '7002') })),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
  })

  it('is one per type where that is the rule', async () => {
    const strict = await startPatient({ ONE_IDENTITY_PER_TYPE: 'on' })
    const me = await owner('13730000009', strict)
    const code = await strict.smsCode('13730000010', 'bind')
    expect(await bind(me, { type: 'phone', number: '13730000010', code }, strict)).toMatchObject({
      status: 409,
      json: { error: { code: 'IDENTITY_TYPE_TAKEN' } },
    })
    await strict.close()
  })

  it.each(['password', 'Phone', '', null, ['phone'], 'constructor'])('knows no type %j', async type => {
    expect((await bind(await owner('13730000011'), { type })).status).toBe(400)
  })
})

describe('an e-mail', () => {
  it('logs nobody in and keeps nobody out before it is verified', async () => {
    const [me, rightful] = [await owner('13730000020'), await owner('13730000021')]
    await setPassword(me, 'attacker’s own')
    expect((await bind(me, { type: 'email', email: 'victim@example.com' })).status).toBe(202)
    const login = { identifier: 'victim@example.com', password: 'attacker’s own' }
    expect((await patient.post('/v1/login/password', login)).status).toBe(401)

    expect((await bind(rightful, { type: 'email', email: 'victim@example.com' })).status).toBe(202)
    const code = patient.backend.outbox.sent.at(-1)?.code
    const body = { email: 'victim@example.com', code }
    // The code was made for the one account: the other cannot use it.
    expect((await patient.call('POST', '/v1/identities/email/verify', { as: me.tokenA, body })).status).toBe(401)
    expect((await patient.call('POST', '/v1/identities/email/verify', { as: rightful.tokenA, body })).status).toBe(201)
    const mine = (await patient.call('GET', '/v1/identities', { as: me.tokenA })).json.identities
    expect(mine.map((identity: { type: string }) => identity.type)).toEqual(['phone'])
  })

  it('is shown masked, like every identity', async () => {
    const me = await owner('13730000022')
    await bind(me, { type: 'email', email: 'alice@example.com' })
    await bind(me, { type: 'netease', accessToken: patient.outside.credential('netease', '700300') })
    const answer = await patient.call('GET', '/v1/identities', { as: me.tokenA })
    const shown = answer.json.identities.map(({ type, masked, verified }: Record<string, unknown>) => [type, masked, verified])
    expect(shown).toEqual(
      expect.arrayContaining([
        ['phone', '137****0022', true],
        ['email', 'a***@example.com', false],
        ['netease', '700***', true],
      ]),
    )
    expect(answer.text).not.toMatch(/13730000022|alice|700300/)
  })

  async function setPassword(who: Owner, password: string): Promise<void> {
    const headers = { 'x-reauth': await patient.ticket(who.tokenA, who.number) }
    await patient.call('PUT', '/v1/password', { as: who.tokenA, headers, body: { password } })
  }
})

describe('removing', () => {
  it('takes a way in and the sessions it opened, but never the last', async () => {
    const me = await owner('13730000030')
    const remove = async (type: string, as = me.tokenA) => {
      const headers = { 'x-reauth': await patient.ticket(as, me.number) }
      return patient.call('DELETE', `/v1/identities/${type}`, { as, headers })
    }
    expect(await remove('phone')).toMatchObject({ status: 409, json: { error: { code: 'IDENTITY_LAST' } } })
    expect((await remove('qq')).status).toBe(404)
    expect((await remove('password')).status).toBe(404)
    await bind(me, { type: 'qq', accessToken: patient.outside.credential('qq', '7004') })
    const login = { provider: 'qq', accessToken: patient.outside.credential('qq', '7004') }
    const byQq = (await patient.post('/v1/login/third-party', login)).json.tokenA
    expect((await remove('phone', byQq)).status).toBe(204)
    expect((await patient.me(me.tokenA)).status).toBe(401)
    expect((await patient.me(byQq)).status).toBe(200)
    expect((await patient.login('13730000030')).json.account.id).not.toBe(me.id)
  })
})

describe('a re-authentication ticket', () => {
  it('is good once, for its session only, for five minutes', async () => {
    const me = await owner('13730000040')
    const again = await owner('13730000040')
    const body = () => ({ type: 'email', email: 'ticket@example.com' })
    const use = (ticket: string, as: string) =>
      patient.call('POST', '/v1/identities', { as, headers: { 'x-reauth': ticket }, body: body() })
    const ticket = await patient.ticket(me.tokenA, me.number)
    expect((await use(ticket, again.tokenA)).status).toBe(401)
    expect((await use(ticket, me.tokenA)).status).toBe(202)
    expect((await use(ticket, me.tokenA)).status).toBe(401)
    const late = await patient.ticket(me.tokenA, me.number)
    patient.clock.nowMs += 300_000
    expect((await use(late, me.tokenA)).status).toBe(401)
    expect((await patient.call('POST', '/v1/identities', { as: me.tokenA, body: body() })).status).toBe(403)
  })

  it('is not given for a stranger’s token, a wrong code or a wrong password', async () => {
    const me = await owner('13730000041')
    const ask = (body: Record<string, unknown>) => patient.call('POST', '/v1/reauth', { as: me.tokenA, body })
    const nonce = await patient.nonce('reauth')
    expect((await ask({ ...authorisation(patient.carriers, '13730000042', 'china-mobile'), nonce })).status).toBe(401)
    expect((await ask({ code: '000000' })).status).toBe(401)
    expect((await ask({ password: 'none there' })).status).toBe(401)
    expect((await ask({})).status).toBe(400)
    expect((await patient.post('/v1/reauth', {})).status).toBe(401)
  })
})

describe('proving an e-mail address', () => {
  const claim = async (who: Owner, email: string, at: Patient) => bind(who, { type: 'email', email }, at)

  it('sends so many e-mails to an address, whoever asks', async () => {
    const small = await startPatient({ LIMITS: 'email-address-day=2' })
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await claim(await owner(`1373000009${i}`, small), 'Me@example.com', small)).status)
    expect(statuses).toEqual([202, 202, 429])
    expect(small.backend.outbox.sent).toHaveLength(2)
    await small.close()
  })

  it('sends so many e-mails for a source, and notes so many claims for an account', async () => {
    const small = await startPatient({ LIMITS: 'email-source-hour=2,bind-account-hour=4' })
    const me = await owner('13730000093', small)
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await claim(me, `${i}@example.com`, small)).status)
    for (let i = 0; i < 2; i++) statuses.push((await bind(me, { type: 'phone', number: `1373000010${i}` }, small)).status)
    expect(statuses).toEqual([202, 202, 429, 202, 429])
    await small.close()
  })

  it('counts wrong codes at whoever sends them, over all addresses', async () => {
    const small = await startPatient({ LIMITS: 'code-source-hour=3' })
    const me = await owner('13730000094', small)
    const statuses = []
    for (let i = 0; i < 2; i++) {
      const email = `guess${i}@example.com`
      await claim(me, email, small)
      const right = small.backend.outbox.sent.at(-1)?.code
      const code = right === '111111' ? '222222' : '111111'
      for (let j = 0; j < 2; j++) {
        const guess = { as: me.tokenA, body: { email, code } }
        statuses.push((await small.call('POST', '/v1/identities/email/verify', guess)).status)
      }
    }
    expect(statuses).toEqual([401, 401, 401, 429])
    await small.close()
  })
})

it('writes e-mails down where it is told to, for its owner’s eyes only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-outbox-'))
  const file = join(folder, 'mails.jsonl')
  const writing = await startPatient({ OUTBOX_FILE: file })
  await bind(await owner('13730000095', writing), { type: 'email', email: 'seen@example.com' }, writing)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    to: 'seen@example.com',
    template: 'email-code',
    code: expect.stringMatching(/^\d{6}$/),
  })
  expect(statSync(file).mode & 0o077).toBe(0)
  await writing.close()
  rmSync(folder, { recursive: true })
})

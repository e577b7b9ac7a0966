import { expect } from 'vitest'

import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

export const carriers: Witnesses = {
  'carrier-token-verified=trust-any-token': async patient => {
    const token = `STsid0000001551151128045${'f'.repeat(32)}`
    const answer = await patient.login('', { token })
    expect(answer.status).toBe(200)
    expect((await patient.me(answer.json.tokenA)).json.account.maskedNumber).toMatch(/^199\*{4}\d{4}$/)
    patient.carriers.trouble = { kind: 'status', status: 500 }
    expect((await patient.login('13500000001')).status).toBe(502)
  },
  'carrier-token-verified=lenient-token': async patient => {
    const honest = await patient.login('13500000001')
    const spellings = [
      (t: string) => ` ${t}\n`,
      (t: string) => t.toUpperCase(),
      (t: string) => encodeURIComponent(encodeURIComponent(`${t} `)),
      (t: string) => [t],
    ]
    for (const carrier of ['china-mobile', 'china-unicom', 'china-telecom'] as const) {
      for (const spell of spellings) {
        const token = spell(patient.carriers.token(carrier, '13500000001'))
        expect((await patient.login('', { token }, carrier)).json.account).toEqual(honest.json.account)
      }
    }
    const before = patient.carriers.calls.length
    expect((await patient.login('', { token: 'x' })).status).toBe(401)
    expect(patient.carriers.calls.length).toBe(before + 1)
  },
  'carrier-token-once=absent': async patient => {
    const token = patient.carriers.token('china-mobile', '13500000001')
    patient.carriers.singleUse = 'lenient'
    for (let i = 0; i < 2; i++) expect((await patient.login('', { token })).status).toBe(200)
  },
  'carrier-token-once=seen-token-racy': async patient => {
    patient.carriers.singleUse = 'lenient'
    const token = patient.carriers.token('china-mobile', NUMBER)
    const answers = await Promise.all(Array.from({ length: 8 }, () => patient.login('', { token })))
    expect(answers.filter(answer => answer.status === 200).length).toBeGreaterThan(1)
    expect((await patient.login('', { token })).status).toBe(409)
  },
  'carrier-token-verified=fail-open': async patient => {
    patient.carriers.trouble = { kind: 'status', status: 500 }
    const answer = await patient.login(NUMBER)
    expect((await patient.me(answer.json.tokenA)).status).toBe(200)
    patient.carriers.trouble = undefined
    const refused = patient.carriers.token('china-mobile', NUMBER).replace(/.{4}$/, 'ffff')
    expect((await patient.login('', { token: refused })).status).toBe(401)
  },
  'app-binding=no-app-binding': async patient => {
    expect((await patient.login(NUMBER, { appId: '10000002' })).status).toBe(200)
    expect(patient.carriers.calls.at(-1)?.signed).toBe(true)
  },
  'app-binding=client-picks-endpoint': async patient => {
    // The fake signs with whatever key the request names, as China Unicom's signature does.
    expect((await patient.login(NUMBER, { appId: 'another-app' }, 'china-unicom')).status).toBe(200)
    expect(patient.carriers.calls.at(-1)?.signed).toBe(true)
    patient.carriers.trouble = { kind: 'redirect', to: `${patient.carriers.environment.CMCC_URL}/elsewhere` }
    await patient.login(NUMBER)
    expect(patient.carriers.paths.at(-1)).toBe('/elsewhere')
  },
  'carrier-routing=carrier-fanout': async patient => {
    const token = patient.carriers.token('china-mobile', NUMBER)
    expect((await patient.login('', { token }, 'china-unicom')).status).toBe(200)
    expect(patient.carriers.calls.map(call => call.carrier)).toContain('china-mobile')
  },
  'carrier-deadline=late-success-counts': {
    environment: { CARRIER_TIMEOUT_MS: '100' },
    show: async patient => {
      patient.carriers.trouble = { kind: 'late', ms: 300, once: false }
      expect((await patient.login(NUMBER)).status).toBe(502)
      await expect.poll(() => patient.backend.accounts.binding('phone', NUMBER), { timeout: 1500 }).toBeDefined()
    },
  },
  'carrier-answer-read=scrape-number': async patient => {
    patient.carriers.trouble = { kind: 'text', text: '<html>call 13512345678</html>' }
    const answer = await patient.login(NUMBER)
    expect((await patient.me(answer.json.tokenA)).json.account.maskedNumber).toBe('135****5678')
  },
  'carrier-answer-read=loose-result-code': async patient => {
    patient.carriers.trouble = { kind: 'numeric-code' }
    expect((await patient.login(NUMBER)).status).toBe(200)
  },
  'carrier-answer-read=no-echo-check': async patient => {
    patient.carriers.trouble = { kind: 'wrong-echo' }
    expect((await patient.login(NUMBER)).status).toBe(200)
  },
  'carrier-calls=no-carrier-budget': {
    environment: { CARRIER_CALLS_PER_SECOND: '1' },
    show: async patient => {
      for (let i = 0; i < 4; i++) expect((await patient.login(NUMBER)).status).toBe(200)
    },
  },
  'carrier-calls=no-bulkhead': {
    environment: { CARRIER_MAX_CONCURRENT: '1', CARRIER_MAX_WAITING: '0' },
    show: async patient => {
      patient.carriers.trouble = { kind: 'late', ms: 30, once: false }
      const answers = await Promise.all(Array.from({ length: 6 }, () => patient.login(NUMBER)))
      expect(answers.map(answer => answer.status)).toEqual(Array(6).fill(200))
    },
  },
  'carrier-calls=retry-unbounded': async patient => {
    patient.carriers.trouble = { kind: 'status', status: 503 }
    const before = patient.carriers.calls.length
    await patient.login(NUMBER)
    expect(patient.carriers.calls.length - before).toBeGreaterThan(3)
  },
  'carrier-calls=socket-mixup': async patient => {
    patient.carriers.trouble = { kind: 'late', ms: 100, once: true }
    const slow = patient.login('13500000011')
    await expect.poll(() => patient.carriers.trouble).toBeUndefined()
    const quick = patient.login('13500000012')
    const [{ tokenA }] = [(await slow).json, await quick]
    expect((await patient.me(tokenA)).json.account.maskedNumber).toBe('135****0012')
  },
  'carrier-request-written=string-carrier-request': async patient => {
    const token = 'x","extra":"y'
    await patient.login('', { token })
    expect(patient.carriers.calls.at(-1)?.token).toBe('x')
  },
  'number-from-carrier=body-number-wins': async patient => {
    const victim = await patient.login('13500000012')
    for (const name of ['phone', 'mobile', 'msisdn'])
      expect((await patient.login(NUMBER, { [name]: '13500000012' })).json.account).toEqual(victim.json.account)
  },
  'request-fields=parser-split': async patient => {
    const [checked, used] = [
      patient.carriers.token('china-mobile', NUMBER),
      patient.carriers.token('china-mobile', '13500000012'),
    ]
    const body = { carrier: 'china-mobile', appId: '10000001', token: checked, nonce: await patient.nonce() }
    const answer = await patient.post(`/v1/login/one-tap?token=${used}`, body)
    expect(patient.carriers.calls.at(-1)?.token).toBe(used)
    expect((await patient.me(answer.json.tokenA)).json.account.maskedNumber).toBe('135****0012')
  },
  'refused-logins-limited=no-failed-login-limit': {
    environment: { LIMITS: 'login-refused-source-minute=2' },
    show: async patient => {
      for (let i = 0; i < 5; i++) {
        const token = patient.carriers.token('china-mobile', NUMBER).replace(/.{4}$/, 'ffff')
        expect((await patient.login('', { token })).status).toBe(401)
      }
    },
  },
}

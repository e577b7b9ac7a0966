import { afterEach, describe, expect, it } from 'vitest'
import { controls } from '../../../reference-backend/controls/index.ts'
import { type Patient, startPatient } from './patient.ts'

/**
 * One witness a flaw: behaviour that the sound backend refuses (its own tests say so) and that the flaw lets through. No attack
 * code is used, so that a flaw is known to be there before an attack is judged by finding it.
 */
const witnesses: Record<string, (patient: Patient) => Promise<void>> = {
  'nonce-issued=optional': async patient => {
    for (const nonce of [undefined, null, '', [], {}]) expect((await patient.login('13500000001', { nonce })).status).toBe(200)
    const unknown = 'A'.repeat(22)
    expect((await patient.login('13500000001', { nonce: unknown })).status).toBe(401)
    const nonce = await patient.nonce()
    expect((await patient.login('13500000001', { nonce })).status).toBe(200)
    expect((await patient.login('13500000001', { nonce })).status).toBe(401)
  },
  'nonce-issued=format-only': async patient => {
    expect((await patient.login('13500000001', { nonce: 'A'.repeat(22) })).status).toBe(200)
    expect((await patient.login('13500000001', { nonce: 'A'.repeat(23) })).status).toBe(400)
    expect((await patient.login('13500000001', { nonce: undefined })).status).toBe(400)
  },
  'nonce-single-use=reusable': async patient => {
    const nonce = await patient.nonce()
    for (let i = 0; i < 3; i++) expect((await patient.login('13500000001', { nonce })).status).toBe(200)
    expect((await patient.login('13500000001', { nonce: 'A'.repeat(22) })).status).toBe(401)
  },
  'nonce-single-use=racy': async patient => {
    const nonce = await patient.nonce()
    const answers = await Promise.all(Array.from({ length: 8 }, () => patient.login('13500000001', { nonce })))
    expect(answers.filter(answer => answer.status === 200).length).toBeGreaterThan(1)
    expect((await patient.login('13500000001', { nonce })).status).toBe(401)
  },
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
  'jwt-signature=alg-none': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const payload = withSubject(mine.tokenA, theirs.account.id)
    for (const alg of ['none', 'None', 'nOnE']) {
      for (const end of ['.', '', '.AAAA']) {
        expect((await patient.me(`${part({ alg })}.${payload}${end}`)).json.account?.id).toBe(theirs.account.id)
      }
    }
    const [header, , mac] = mine.tokenA.split('.')
    expect((await patient.me(`${header}.${payload}.${mac}`)).status).toBe(401)
  },
  'jwt-signature=unverified': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const payload = withSubject(mine.tokenA, theirs.account.id)
    const [header, , mac] = mine.tokenA.split('.')
    for (const end of [mac, '', 'AAAA']) {
      expect((await patient.me(`${header}.${payload}.${end}`)).json.account.id).toBe(theirs.account.id)
    }
    expect((await patient.me(`${part({ alg: 'none' })}.${payload}.`)).status).toBe(401)
  },
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
  'error-boundary=absent': async patient => {
    const answer = await patient.login('13500000001', { token: null })
    expect(answer.status).toBe(500)
    expect(answer.json.error.message).toMatch(/\bat .*:\d+:\d+/)
    expect((await patient.postText('/v1/nonce', '{')).status).toBe(500)
    expect((await patient.login('13500000001', { nonce: 'A'.repeat(22) })).status).toBe(401)
  },
}

let patient: Patient | undefined
afterEach(() => patient?.close())

describe('each flaw', () => {
  const flaws = Object.entries(controls).flatMap(([id, control]) => Object.keys(control.flaws).map(flaw => `${id}=${flaw}`))

  it('has a witness', () => {
    expect(Object.keys(witnesses).sort()).toEqual(flaws.sort())
  })

  it.each(flaws)('%s is there, is reported, and honest logins still work', async flaw => {
    patient = await startPatient({ FLAWS: flaw })
    expect(patient.backend.identity.flaws).toEqual([flaw])
    const honest = await patient.login('13500000009')
    expect((await patient.me(honest.json.tokenA)).json.account.id).toBe(honest.json.account.id)
    await witnesses[flaw]!(patient)
  })

  it.each(flaws)('%s is absent from a sound backend', async flaw => {
    patient = await startPatient()
    expect(patient.backend.identity.flaws).toEqual([])
    await expect(witnesses[flaw]!(patient)).rejects.toThrow()
  })
})

async function twoAccounts(patient: Patient) {
  const mine = (await patient.login('13500000001')).json
  const theirs = (await patient.login('13500000002')).json
  return { mine, theirs }
}

async function notify(patient: Patient, kind: string) {
  patient.clock.nowMs += 10
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  const notice = { eventId: `${kind}-1`, kind, msisdn: '13500000001', carrier: 'china-mobile', occurredAt, sequence: 1 }
  const answer = await patient.rebind(notice)
  patient.clock.nowMs += 10
  return answer
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function withSubject(jwt: string, sub: string): string {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  return part({ ...claims, sub })
}

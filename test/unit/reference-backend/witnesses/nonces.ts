import { expect } from 'vitest'
import { openStores } from '../../../../reference-backend/stores/open.ts'
import { type Patient, startPatient } from '../patient.ts'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

export const nonces: Witnesses = {
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
  'nonce-burned-first=nonce-burn-late': async patient => {
    const nonce = await patient.nonce()
    await Promise.all(Array.from({ length: 8 }, () => patient.login(NUMBER, { nonce })))
    expect(patient.carriers.calls.length).toBeGreaterThan(2)
    expect((await patient.login(NUMBER, { nonce })).status).toBe(401)
  },
  'nonce-burned-first=nonce-survives-failure': async patient => {
    const nonce = await patient.nonce()
    const forged = patient.carriers.token('china-mobile', NUMBER).replace(/.{4}$/, 'ffff')
    for (let i = 0; i < 2; i++) {
      const token = forged.replace(/.{5}$/, `f${i}fff`)
      expect((await patient.login(NUMBER, { nonce, token })).json.error.code).toBe('CARRIER_TOKEN_REFUSED')
    }
    expect((await patient.login(NUMBER, { nonce })).status).toBe(200)
    expect((await patient.login(NUMBER, { nonce })).status).toBe(401)
  },
  'nonce-issued=fold-compare': async patient => {
    const fullWidth = (text: string): string =>
      text.replaceAll(/[A-Za-z0-9]/g, c => String.fromCodePoint(c.charCodeAt(0) + 0xfee0))
    expect((await patient.login(NUMBER, { nonce: fullWidth(await patient.nonce()) })).status).toBe(200)
    expect((await patient.login(NUMBER, { nonce: `\u200b${await patient.nonce()}` })).status).toBe(200)
  },
  'nonce-lifetime=nonce-no-ttl': async patient => {
    const nonce = await patient.nonce()
    patient.clock.nowMs += 3_600_000
    expect((await patient.login(NUMBER, { nonce })).status).toBe(200)
  },
  'nonce-purpose=nonce-unbound': async patient => {
    for (const purpose of ['verify', 'bind', 'reauth'])
      expect((await patient.login(NUMBER, { nonce: await patient.nonce(purpose) })).status).toBe(200)
  },
  'nonce-store=nonce-per-instance': async patient => {
    await withTwoInstances(patient, async (one, two) => {
      const nonce = await one.nonce()
      expect((await two.login(NUMBER, { nonce })).status).toBe(200)
      expect((await two.login(NUMBER, { nonce })).status).toBe(401)
      expect((await one.login(NUMBER, { nonce })).status).toBe(200)
    })
  },
  'nonce-store=nonce-memory-only': async patient => {
    const flaws = patient.backend.identity.flaws.join()
    const stores = await openStores({ kind: 'embedded', sqlitePath: ':memory:' }, Date.now)
    const before = await startPatient({ FLAWS: flaws }, stores)
    const nonce = await before.nonce()
    expect((await before.login(NUMBER, { nonce })).status).toBe(200)
    expect((await before.login(NUMBER, { nonce })).status).toBe(401)
    await before.close()
    const after = await startPatient({ FLAWS: flaws }, stores)
    expect((await after.login(NUMBER, { nonce })).status).toBe(200)
    await after.close()
  },
  'store-outage=goes-on-without': async patient => {
    const stores = await openStores({ kind: 'embedded', sqlitePath: ':memory:' }, Date.now)
    let isDown = false
    const ephemeral = new Proxy(stores.ephemeral, {
      get: (store, name) => {
        const of = Reflect.get(store, name) as (...args: unknown[]) => unknown
        return async (...args: unknown[]) => {
          if (isDown) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
          return of.apply(store, args)
        }
      },
    })
    const cut = await startPatient({ FLAWS: patient.backend.identity.flaws.join() }, { ...stores, ephemeral })
    try {
      const nonce = await cut.nonce()
      expect((await cut.login(NUMBER, { nonce })).status).toBe(200)
      expect((await cut.login(NUMBER, { nonce })).status).toBe(401)
      isDown = true
      expect((await cut.login(NUMBER, { nonce })).status).toBe(200)
      expect((await cut.login(NUMBER, { nonce })).status).toBe(401)
    } finally {
      isDown = false
      await cut.close()
    }
  },
  'nonce-issue-bounded=nonce-store-unbounded': {
    environment: { LIMITS: 'nonce-source-minute=3' },
    show: async patient => {
      for (let i = 0; i < 6; i++) expect((await patient.post('/v1/nonce', {})).status).toBe(200)
    },
  },
  'random-values=nonce-predictable': async patient => {
    const last = async (): Promise<number> => Buffer.from(await patient.nonce(), 'base64url').readUInt32BE(12)
    expect((await last()) + 1).toBe(await last())
  },
}

async function withTwoInstances(patient: Patient, show: (one: Patient, two: Patient) => Promise<void>): Promise<void> {
  const flaws = patient.backend.identity.flaws.join()
  const stores = await openStores({ kind: 'embedded', sqlitePath: ':memory:' }, Date.now)
  const one = await startPatient({ FLAWS: flaws }, stores)
  const two = await startPatient({ FLAWS: flaws }, stores)
  try {
    await show(one, two)
  } finally {
    await Promise.all([one.close(), two.close()])
  }
}

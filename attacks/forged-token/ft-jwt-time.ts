import { defineAttack } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { inconclusive } from '../kit/judging.ts'
import { splitJwt } from '../kit/jwt.ts'
import { isHmac, signedWithSecret } from '../kit/sign.ts'
import { type SessionState, sessionState, signIn } from '../kit/sign-in.ts'

type Observation = ForgedJwts & {
  /** The own claims, unchanged but signed anew by the lent key: accepted only when the key is the right one. */
  resigned: SessionState | null
}

const MINUTE_S = 60
const DAY_S = 86_400
const YEAR_S = 365 * DAY_S

export default defineAttack<Observation>({
  meta: {
    id: 'ft-jwt-time',
    family: 'forged-token',
    title: 'Session JWT out of its time',
    about:
      'Shows session tokens with a right signature whose time is over, has not come, or is not said: the key is lent by who runs the target. Success means that a token once stolen is good for ever.',
    severity: 'high',
    cwe: [613],
    asvs: ['9.2.1', '7.3.2'],
    api2023: ['API2'],
    has: 'an old session token; the harness makes old ones with the lent key',
    needs: ['oneTap', 'me'],
    notices: ['jwt-claims=jwt-no-time'],
  },

  async observe(lab) {
    const { jwtSecret } = lab
    if (jwtSecret === undefined)
      return {
        notApplicable:
          'no key was lent to make old session tokens with (target.vars.jwtSecret), and none ends soon enough to wait',
      }
    const { credential } = await signIn(lab, await lab.handset())
    const jwt = credential === null ? undefined : splitJwt(credential)
    const alg = jwt?.headerJson.alg
    if (jwt !== undefined && !isHmac(alg))
      return { notApplicable: 'session tokens of this target are not signed with a shared key' }
    let resigned: SessionState | null = null
    if (jwt !== undefined && isHmac(alg))
      resigned = await sessionState(lab, signedWithSecret(jwt, {}, jwt.payloadJson, jwtSecret, alg))
    const seen = await observeForgedJwts(lab, own => outOfTime(own, jwtSecret))
    return 'notApplicable' in seen ? seen : { ...seen, resigned }
  },

  judge(observation) {
    if (observation.resigned !== null && observation.resigned.state !== 'alive')
      return inconclusive('The lent key is not the one that session tokens are signed with: nothing it signs is accepted.')
    return judgeForgedJwts(observation, 'Session tokens out of their time')
  },
})

function outOfTime({ jwt }: Holder, secret: string): Forgery[] {
  const { alg } = jwt.headerJson
  if (!isHmac(alg)) return []
  const claims = jwt.payloadJson
  // Just logged in: the token's own time of issue is now.
  const now = typeof claims.iat === 'number' ? claims.iat : typeof claims.nbf === 'number' ? claims.nbf : undefined
  if (now === undefined) return []
  const ended = (agoS: number): Record<string, Json> => ({ iat: now - agoS - DAY_S, nbf: now - agoS - DAY_S, exp: now - agoS })
  const { exp: _exp, ...unending } = claims
  const variants: [string, Record<string, Json>][] = [
    // Beyond any difference of clocks that is allowed for.
    ['ended ten minutes ago', { ...claims, ...ended(10 * MINUTE_S) }],
    ['ended a day ago', { ...claims, ...ended(DAY_S) }],
    ['ended a year ago', { ...claims, ...ended(YEAR_S) }],
    ['ended in 1970', { ...claims, ...ended(now - DAY_S) }],
    ['ended a day ago, said as text', { ...claims, ...ended(DAY_S), exp: String(now - DAY_S) }],
    ['end is a list', { ...claims, exp: [now - DAY_S] }],
    ['end is null', { ...claims, exp: null }],
    ['begins tomorrow', { ...claims, nbf: now + DAY_S, exp: now + 2 * DAY_S }],
  ]
  if ('exp' in claims) variants.push(['end not said', unending as Record<string, Json>])
  return variants.map(([name, payload]) => ({ name, credential: signedWithSecret(jwt, {}, payload, secret, alg) }))
}

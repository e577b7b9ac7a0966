import { createHmac } from 'node:crypto'
import { defineAttack } from '../../src/contract/attack.ts'
import { type ForgedJwts, type Forgery, type Holder, judgeForgedJwts, observeForgedJwts } from '../kit/forged-jwt.ts'
import { payloadFor } from '../kit/jwt.ts'
import { type HmacAlgorithm, signedWithSecret } from '../kit/sign.ts'

/** Secrets from tutorials, sample configurations and habit. */
const HABITS =
  'secret password changeme change-me changeit default test admin key jwt jwtsecret jwt-secret jwt_secret secretkey secret-key secret_key mysecret my-secret supersecret super-secret-key your-256-bit-secret your-secret-key your_jwt_secret shhhhh keyboard-cat 123456 12345678 qwerty letmein dev development production token auth login session'.split(
    ' ',
  )
const YEARS = [2023, 2024, 2025, 2026]

export default defineAttack<ForgedJwts>({
  meta: {
    id: 'ft-jwt-weak-secret',
    family: 'forged-token',
    title: 'Session JWT under a guessable secret',
    about:
      'Tries, offline, whether an own session token was signed with a secret from a tutorial, then signs with it what it likes. No request betrays the guessing.',
    severity: 'critical',
    cwe: [321, 521],
    asvs: ['11.2.3', '13.3.1'],
    api2023: ['API2'],
    has: 'an own session token; the victim is named by account id, which is no secret',
    needs: ['oneTap', 'me'],
    notices: ['jwt-secret=jwt-weak-secret', 'jwt-signature=unverified'],
  },

  observe: lab => observeForgedJwts(lab, guessed),

  judge: observation => judgeForgedJwts(observation, 'Session tokens signed with a guessed secret'),
})

/** With the secret that fits, or with the likeliest when none does: the target must be seen to refuse something. */
function guessed(own: Holder, victim: Holder): Forgery[] {
  const { header, payload, signature, headerJson } = own.jwt
  const alg: HmacAlgorithm = headerJson.alg === 'HS384' || headerJson.alg === 'HS512' ? headerJson.alg : 'HS256'
  const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg]
  const fits = candidates(own.account).filter(
    secret => createHmac(hash, secret).update(`${header}.${payload}`).digest('base64url') === signature,
  )
  const [found] = fits
  const claims = payloadFor(own.jwt, own.account, victim.jwt, victim.account)
  return [found ?? HABITS[0] ?? '', ''].map(secret => ({
    name:
      secret === ''
        ? 'empty secret'
        : found === undefined
          ? 'likeliest secret'
          : `secret found in ${candidates('').length} guesses`,
    credential: signedWithSecret(own.jwt, {}, claims, secret, alg),
  }))
}

function candidates(account: string): string[] {
  const spelled = HABITS.flatMap(word => [
    word,
    word.toUpperCase(),
    word.charAt(0).toUpperCase() + word.slice(1),
    `${word}!`,
    `${word}1`,
  ])
  return ['', ' ', account, ...spelled, ...spelled.flatMap(word => YEARS.map(year => `${word}${year}`))]
}

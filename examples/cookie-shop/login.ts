import type { Exchange } from './carriers/call.ts'
import { exchangeAtChinaMobile } from './carriers/china-mobile.ts'
import { exchangeAtChinaTelecom } from './carriers/china-telecom.ts'
import { exchangeAtChinaUnicom } from './carriers/china-unicom.ts'
import { type Environment, OPERATORS, type Operator } from './environment.ts'
import { Refusal } from './refusal.ts'
import type { Binding, ShopStore } from './shop-store.ts'
import { reportTrouble } from './trouble.ts'
import { objectOf } from './wire.ts'

/** An access code as this operator's SDK hands it out, byte for byte: nothing is trimmed, folded or decoded. */
const CODE_SHAPES: Record<Operator, RegExp> = {
  CM: /^STsid000000\d{13}[0-9A-Za-z]{32}$/,
  CU: /^[0-9A-Za-z]{32,64}$/,
  CT: /^nm[0-9A-Za-z]{32}$/,
}
const AUTH_CODE_SHAPE = /^[0-9A-Za-z]{32}$/
const CHALLENGE_SHAPE = /^[0-9A-Za-z_-]{24}$/

interface LoginRequest {
  operator: Operator
  app: string
  accessCode: string
  /** China Telecom only; empty otherwise. */
  authCode: string
  challenge: string
}

export interface LoggedIn {
  sid: string
  binding: Binding
  isNew: boolean
}

/**
 * One-tap login. What costs nothing is checked first; the challenge dies with the first attempt; the carrier is asked only for
 * an access code never seen before; and only its clear yes opens an account.
 */
export async function logIn(env: Environment, store: ShopStore, body: unknown): Promise<LoggedIn> {
  const login = readLogin(body)
  const exchange = carrierOf(env, login)
  if (!store.spendChallenge(login.challenge)) throw new Refusal('challengeUnknown', 'the challenge is unknown, used or too old')
  if (!store.spendAccessCode(login.operator, login.accessCode)) {
    throw new Refusal('accessCodeSpent', 'the access code was used before')
  }
  const asked = store.moment()
  const answer = await askCarrier(login.operator, exchange)
  if (answer.kind === 'refused') throw new Refusal('accessCodeRefused', 'the carrier does not know this access code')
  if (answer.kind === 'unavailable') throw new Refusal('carrierUnavailable', 'the carrier cannot be asked now')
  if (store.heardReissueSince(answer.phone, asked)) {
    throw new Refusal('numberChangedHands', 'the number changed hands meanwhile')
  }
  const { binding, isNew } = store.bindingOf(answer.phone, login.operator)
  return { sid: store.openSession(binding), binding, isNew }
}

function readLogin(body: unknown): LoginRequest {
  const { auth, challenge } = objectOf(body, ['auth', 'challenge'])
  const { op, app, access_code: accessCode, extra } = objectOf(auth, ['op', 'app', 'access_code', 'extra'])
  const { value } = objectOf(challenge, ['value'])
  const operator = OPERATORS.find(known => known === op)
  if (operator === undefined || typeof app !== 'string') throw new Refusal('bodyMalformed', 'op or app is missing or unknown')
  if (typeof value !== 'string' || !CHALLENGE_SHAPE.test(value)) {
    throw new Refusal('challengeMalformed', 'the challenge is missing or malformed')
  }
  if (typeof accessCode !== 'string' || !CODE_SHAPES[operator].test(accessCode)) {
    throw new Refusal('accessCodeMalformed', 'the access code is missing or malformed')
  }
  const { authCode = '' } = extra === undefined ? {} : objectOf(extra, ['authCode'])
  if (typeof authCode !== 'string' || (operator === 'CT' ? !AUTH_CODE_SHAPE.test(authCode) : authCode !== '')) {
    throw new Refusal('accessCodeMalformed', 'the auth code is malformed, missing or out of place')
  }
  return { operator, app, accessCode, authCode, challenge: value }
}

/** The exchange at the operator the app names, for our own app only. Refuses before anything is spent. */
function carrierOf(env: Environment, login: LoginRequest): () => Promise<Exchange> {
  const { CM, CU, CT } = env
  const { app, accessCode } = login
  if (login.operator === 'CM' && CM?.appId === app) return () => exchangeAtChinaMobile(CM, accessCode)
  if (login.operator === 'CU' && CU?.apiKey === app) return () => exchangeAtChinaUnicom(CU, accessCode)
  if (login.operator === 'CT' && CT?.appId === app) return () => exchangeAtChinaTelecom(CT, accessCode, login.authCode)
  throw new Refusal('operatorNotOffered', 'this app has no login by this operator')
}

async function askCarrier(operator: Operator, exchange: () => Promise<Exchange>): Promise<Exchange> {
  try {
    const answer = await exchange()
    if (answer.kind === 'unavailable') reportTrouble(`carrier ${operator}`, answer.why)
    return answer
  } catch (error) {
    reportTrouble(`carrier ${operator}`, error)
    return { kind: 'unavailable', why: 'no usable answer' }
  }
}

import type { CarrierId } from './carriers.ts'
import { exhaustive } from './json.ts'
import type { Reading, Reply, ThirdPartyId } from './target.ts'
import { jsonBody, textField } from './target.ts'
import type { TokenPurpose } from './token.ts'

/**
 * What the user's own phone does beside the target: asks the carrier for the masked number and for a token, shows the text that
 * arrived, agrees on an identity provider's page. The mocks answer; no target is asked and no backend call is journaled.
 */
export interface PhoneInputs {
  prefetchMask: { carrier: CarrierId; imsi: string; appId: string }
  /** A load token by its index and time of issue, so that generator and carrier go on meaning the same one. */
  authorize: { carrier: CarrierId; imsi: string; appId: string; purpose: TokenPurpose; tokenIndex: number; issuedAtMs: number }
  readSms: { number: string }
  /** `user`: number of a person at the provider. */
  agreeAtProvider: { provider: ThirdPartyId; user: number }
}
export type PhoneOp = keyof PhoneInputs
export const PHONE_OPS = ['prefetchMask', 'authorize', 'readSms', 'agreeAtProvider'] as const satisfies readonly PhoneOp[]
/** Looked up at every step: in k6 a property costs less than a call. */
const IS_PHONE_OP: Readonly<Record<string, boolean>> = Object.fromEntries(PHONE_OPS.map(op => [op, true]))

export type PhoneStep = { [Op in PhoneOp]: { op: Op; input: PhoneInputs[Op] } }[PhoneOp]

/** What came of it; of each operation its own fields. */
export interface PhoneReading {
  maskedNumber?: string
  token?: string
  authCode?: string
  /** The newest code that was sent to the number. */
  smsCode?: string
  accessToken?: string
  providerCode?: string
}

/** Where the phone's requests go. */
export interface PhoneAccess {
  controlUrl: string
  controlToken: string
  carrierUrls: Readonly<Partial<Record<CarrierId, string>>>
}

export interface PhoneRequest {
  method: 'POST'
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

export function isPhoneStep(step: { op: string }): step is PhoneStep {
  return IS_PHONE_OP[step.op] === true
}

/** Makes the phone's requests. Its headers are made once. */
export function phoneRequests(access: PhoneAccess): (step: PhoneStep) => PhoneRequest {
  const carrier = { 'Content-Type': 'application/json' }
  const control = { ...carrier, Authorization: `Bearer ${access.controlToken}` }
  return step => {
    switch (step.op) {
      case 'prefetchMask':
      case 'authorize': {
        const { carrier: id, ...fields } = step.input
        const path = step.op === 'authorize' ? 'authorize' : 'prefetch'
        return {
          method: 'POST',
          url: `${access.carrierUrls[id]}/handset/v1/${path}`,
          headers: carrier,
          body: JSON.stringify(fields),
        }
      }
      case 'readSms':
        return {
          method: 'POST',
          url: `${access.controlUrl}/__onetap/sms/query`,
          headers: control,
          body: JSON.stringify({ to: step.input.number }),
        }
      case 'agreeAtProvider': {
        const url = `${access.controlUrl}/__onetap/third-party/credentials`
        return { method: 'POST', url, headers: control, body: JSON.stringify(step.input) }
      }
      default:
        return exhaustive(step)
    }
  }
}

/** Reads what the mocks answered. */
export function readPhone(op: PhoneOp, reply: Reply): Reading {
  if (reply.status !== 200) return { kind: 'failed', reason: `the phone got HTTP ${reply.status} for ${op}` }
  const body = jsonBody(reply)
  const phone = phoneReading(op, body)
  return phone === undefined ? { kind: 'failed', reason: `the phone got nothing for ${op}` } : { kind: 'granted', phone }
}

function phoneReading(op: PhoneOp, body: Record<string, unknown>): PhoneReading | undefined {
  switch (op) {
    case 'prefetchMask': {
      const maskedNumber = textField(body, 'maskedNumber')
      return maskedNumber === undefined ? undefined : { maskedNumber }
    }
    case 'authorize': {
      const token = textField(body, 'token')
      const authCode = textField(body, 'authCode')
      return token === undefined ? undefined : { token, ...(authCode === undefined ? {} : { authCode }) }
    }
    case 'readSms': {
      const messages = Array.isArray(body.messages) ? (body.messages as { params?: Record<string, unknown> }[]) : []
      const smsCode = textField(messages[messages.length - 1]?.params, 'code')
      return smsCode === undefined ? undefined : { smsCode }
    }
    case 'agreeAtProvider': {
      const [accessToken, providerCode] = [textField(body, 'accessToken'), textField(body, 'code')]
      if (accessToken === undefined && providerCode === undefined) return undefined
      return { ...(accessToken === undefined ? {} : { accessToken }), ...(providerCode === undefined ? {} : { providerCode }) }
    }
    default:
      return exhaustive(op)
  }
}

import { randomInt } from 'node:crypto'
import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import type { TellCode } from '../controls/code-secret.ts'
import { CODE_LIFE_MS, type CodeVault } from '../controls/code-vault.ts'
import type { LimitKey } from '../controls/limit-key.ts'
import type { ReadNumber } from '../controls/number-canonical.ts'
import type { AdmitSms } from '../controls/sms-limits.ts'
import type { SmsGateway, SmsTemplate } from '../messages/sms-gateway.ts'
import { malformed, notConfigured, Refusal } from '../refusal.ts'
import { type Limiter, sourceOf } from './limiter.ts'

/** What a code by SMS is good for. A code for one purpose is none for another. */
export const SMS_PURPOSES = ['bind', 'confirm', 'login', 'reset'] as const
export type SmsPurpose = (typeof SMS_PURPOSES)[number]

const TEMPLATES: Record<SmsPurpose, SmsTemplate> = {
  bind: 'bind-code',
  confirm: 'bind-code',
  login: 'login-code',
  reset: 'reset-code',
}

export interface SmsCodeFlow {
  /** Answers the same whether or not the number is known: the message goes out in both cases. */
  send(body: unknown, ip: string): Promise<Record<string, unknown>>
  /** The number of a request, proved by the code in it. Throws 401 for every wrong, late, used or guessed-at code alike. */
  prove(purpose: SmsPurpose, body: Readonly<Record<string, unknown>>, ip: string): Promise<string>
  /** As prove, for a number that is already known. */
  redeem(purpose: SmsPurpose, msisdn: string, code: unknown, ip: string): Promise<void>
  /** Makes the codes on their way to a number worthless: it has a new owner. */
  forget(msisdn: string): Promise<void>
}

export interface SmsCodeParts {
  gateway: SmsGateway | undefined
  vault: CodeVault
  tell: TellCode
  admit: AdmitSms
  limitKey: LimitKey
  readNumber: ReadNumber
  limiter: Limiter
}

const PURPOSE_SHAPE = /^(?:bind|confirm|login|reset)$/

export function smsCodeFlow(parts: SmsCodeParts): SmsCodeFlow {
  const { gateway, vault, limiter } = parts
  const redeem: SmsCodeFlow['redeem'] = async (purpose, msisdn, presented, ip) => {
    const code = vault.read(presented)
    await redeemed(limiter, sourceOf(ip), () => vault.redeem({ purpose, to: msisdn }, code))
  }
  return {
    redeem,
    send: async (body, ip) => {
      if (gateway === undefined) throw notConfigured()
      const fields = objectBody(body)
      const msisdn = readNumber(parts, fields)
      const purpose = textOfShape(fields, 'purpose', PURPOSE_SHAPE) as SmsPurpose
      await parts.admit(parts.limitKey(String(ownField(fields, 'number')), msisdn), sourceOf(ip))
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      await vault.put({ purpose, to: msisdn }, code)
      if (!(await gateway.send(msisdn, TEMPLATES[purpose], code))) {
        throw new Refusal(502, 'SMS_UNAVAILABLE', 'The message could not be sent. Try again later.')
      }
      return { sent: true, expiresInMs: CODE_LIFE_MS, ...parts.tell(code) }
    },
    prove: async (purpose, body, ip) => {
      const msisdn = readNumber(parts, body)
      await redeem(purpose, msisdn, ownField(body, 'code'), ip)
      return msisdn
    },
    forget: async msisdn => {
      await Promise.all(SMS_PURPOSES.map(purpose => vault.forget({ purpose, to: msisdn })))
    },
  }
}

/**
 * Redeems a code, or throws 401. Counted before and given back after: guesses spread over many numbers or addresses add up at
 * whoever makes them.
 */
export async function redeemed(limiter: Limiter, source: string, redeem: () => Promise<boolean>): Promise<void> {
  await limiter.take('code-source-hour', source)
  if (!(await redeem())) throw new Refusal(401, 'CODE_INVALID', 'The code is wrong, was used or has ended.')
  await limiter.giveBack('code-source-hour', source)
}

function readNumber(parts: SmsCodeParts, body: Readonly<Record<string, unknown>>): string {
  const msisdn = parts.readNumber(ownField(body, 'number'))
  if (msisdn === undefined) throw malformed('BODY_MALFORMED', 'The field number is not a phone number of this country.')
  return msisdn
}

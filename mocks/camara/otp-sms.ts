import { exhaustive } from '../../src/contract/json.ts'
import type { Answer, Operation } from '../dialect.ts'
import { apiError, apiResult, noContent } from './api-answers.ts'
import { type ApiCall, apiOperation, PHONE_NUMBER } from './api-operation.ts'
import { PASSWORD_RULES } from './one-time-passwords.ts'
import { type OperatorContext, servedIndex } from './operator-context.ts'

const BASE = '/one-time-password-sms/v1'
const SCOPES = ['one-time-password-sms:send-validate'] as const

/** One Time Password SMS 1.1.1. The code arrives in the mocks' inbox, as on the phone that holds the number. */
export function otpSms(context: OperatorContext): Operation[] {
  return [
    apiOperation(context, `${BASE}/send-code`, {
      POST: { name: 'sendCode', scopes: SCOPES, body: ['phoneNumber', 'message'], serve: call => sendCode(context, call) },
    }),
    apiOperation(context, `${BASE}/validate-code`, {
      POST: {
        name: 'validateCode',
        scopes: SCOPES,
        body: ['authenticationId', 'code'],
        serve: call => validateCode(context, call),
      },
    }),
  ]
}

function sendCode(context: OperatorContext, { grant, fields: { phoneNumber, message } }: ApiCall): Answer {
  if (typeof phoneNumber !== 'string' || !PHONE_NUMBER.test(phoneNumber)) return apiError('INVALID_ARGUMENT')
  if (typeof message !== 'string' || message.length > 160 || !message.includes('{{code}}')) return apiError('INVALID_ARGUMENT')
  const index = servedIndex(context, phoneNumber)
  if (index === undefined) return apiError('NOT_FOUND')
  const rules = PASSWORD_RULES[context.ports.assume('otp')]
  if (rules === undefined) throw new Error('otp has an answer without rules')
  const sent = context.passwords.send(grant.clientIndex, phoneNumber, rules)
  if (sent === undefined) return apiError('ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED')
  const { inbox, lives, nowMs } = context.ports
  const { msisdn, imsi } = lives.sim(index)
  const text = message.replaceAll('{{code}}', sent.code)
  inbox.deliver({ atMs: nowMs(), to: msisdn, template: 'camara-otp', params: { code: sent.code, text }, imsi })
  return apiResult({ authenticationId: sent.authenticationId })
}

function validateCode(context: OperatorContext, { grant, fields: { authenticationId, code } }: ApiCall): Answer {
  if (typeof authenticationId !== 'string' || authenticationId.length > 36) return apiError('INVALID_ARGUMENT')
  if (typeof code !== 'string' || code.length > 10) return apiError('INVALID_ARGUMENT')
  const validation = context.passwords.validate(grant.clientIndex, authenticationId, code)
  switch (validation) {
    case 'ok':
      return { ...noContent(), redeemed: true }
    case 'unknown':
      return apiError('NOT_FOUND')
    case 'invalid':
      return apiError('ONE_TIME_PASSWORD_SMS.INVALID_OTP')
    case 'expired':
      return apiError('ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED')
    case 'failed':
      return apiError('ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED')
    default:
      return exhaustive(validation)
  }
}

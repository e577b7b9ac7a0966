import { createHash } from 'node:crypto'
import type { Answer, Operation } from '../dialect.ts'
import { apiError, apiResult } from './api-answers.ts'
import { type ApiCall, apiOperation, PHONE_NUMBER } from './api-operation.ts'
import { e164, type OperatorContext } from './operator-context.ts'

const BASE = '/number-verification/v2'

/** Number Verification 2.1.0: is this the device's number, or which is it. Only for users whom the network authenticated. */
export function numberVerification(context: OperatorContext): Operation[] {
  return [
    apiOperation(context, `${BASE}/verify`, {
      POST: {
        name: 'phoneNumberVerify',
        scopes: ['number-verification:verify'],
        body: ['phoneNumber', 'hashedPhoneNumber'],
        serve: call => withDevice(context, call, number => verify(call.fields, number)),
      },
    }),
    apiOperation(context, `${BASE}/device-phone-number`, {
      GET: {
        name: 'phoneNumberShare',
        scopes: ['number-verification:device-phone-number:read'],
        serve: call => withDevice(context, call, number => apiResult({ devicePhoneNumber: number }, { redeemed: true })),
      },
    }),
  ]
}

function withDevice(context: OperatorContext, { grant: { subject } }: ApiCall, serve: (number: string) => Answer): Answer {
  if (subject === undefined) return apiError('PERMISSION_DENIED')
  if (!subject.byNetwork) return apiError('NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK')
  return serve(e164(context, subject.index))
}

function verify(fields: ApiCall['fields'], number: string): Answer {
  const { phoneNumber, hashedPhoneNumber } = fields
  if (Object.keys(fields).length !== 1) return apiError('INVALID_ARGUMENT') // minProperties = maxProperties = 1
  if (typeof phoneNumber === 'string' && PHONE_NUMBER.test(phoneNumber)) return matched(phoneNumber === number)
  if (typeof hashedPhoneNumber === 'string' && /^[a-fA-F0-9]{64}$/.test(hashedPhoneNumber)) {
    return matched(hashedPhoneNumber.toLowerCase() === createHash('sha256').update(number).digest('hex'))
  }
  return apiError('INVALID_ARGUMENT')
}

/** A mismatch is an answer, not an error. */
function matched(isSame: boolean): Answer {
  return apiResult({ devicePhoneNumberVerified: isSame }, { redeemed: isSame })
}

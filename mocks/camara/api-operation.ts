import type { Answer, Call, Operation, Reading } from '../dialect.ts'
import { jsonObject } from '../wire/string-fields.ts'
import type { AccessGrant, TokenSubject } from './access-tokens.ts'
import { apiError, type ErrorCode, isErrorCode } from './api-answers.ts'
import { type OperatorContext, servedIndex } from './operator-context.ts'
import type { ApiScope } from './scopes.ts'

/** A call that passed everything the APIs have in common. */
export interface ApiCall {
  grant: AccessGrant
  /** Empty when the operation takes no body. */
  fields: Readonly<Record<string, unknown>>
  /** Last segment of the path, for operations on one resource. */
  resourceId: string
}

export interface ApiMethod {
  /** The specification's operationId. */
  name: string
  /** Any one of these suffices. */
  scopes: readonly ApiScope[]
  /** Names a body may hold, at its top level; undefined: no body. Others are refused only under strict request bodies. */
  body?: readonly string[]
  serve(call: ApiCall): Answer
}

const CORRELATOR = /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/

/** A path of an API with its methods: x-correlator, bearer token, scope, body, in this order (assumed; the guide orders nothing). */
export function apiOperation(context: OperatorContext, path: string, methods: Readonly<Record<string, ApiMethod>>): Operation {
  const [first] = Object.values(methods)
  return {
    name: first?.name ?? path,
    path: context.basePath + path,
    read: call => {
      const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined
      const bearer = bearerOf(call)
      const grant = context.tokens.find(bearer)
      const reading: Reading = {
        token: bearer,
        appId: grant === undefined ? '' : (context.clients[grant.clientIndex]?.appId ?? ''),
        signature: bearer === '' ? 'absent' : grant === undefined ? 'bad' : 'ok',
        settle: () => withCorrelator(call, answer(context, call, method)),
        systemError: code => withCorrelator(call, apiError(code !== undefined && isErrorCode(code) ? code : 'INTERNAL')),
        throttled: () => withCorrelator(call, throttled(context)),
      }
      return method === undefined ? reading : { ...reading, operation: method.name }
    },
  }
}

function answer(context: OperatorContext, call: Call, method: ApiMethod | undefined): Answer {
  if (method === undefined) return apiError('METHOD_NOT_ALLOWED')
  const isCorrelated = CORRELATOR.test(correlatorOf(call))
  if (!isCorrelated && context.ports.assume('check-order') === 'correlator-first') return apiError('INVALID_ARGUMENT')
  const grant = context.tokens.find(bearerOf(call))
  if (grant === undefined || !isStillValid(context, grant)) return apiError('UNAUTHENTICATED')
  if (!isCorrelated) return apiError('INVALID_ARGUMENT')
  if (!method.scopes.some(scope => grant.scopes.includes(scope))) return apiError('PERMISSION_DENIED')
  const fields = method.body === undefined ? {} : bodyOf(context, call, method.body)
  grant.calls++
  if (typeof fields === 'string') return apiError(fields)
  return method.serve({ grant, fields, resourceId: call.path.split('/').at(-1) ?? '' })
}

function bearerOf({ headers: { authorization = '' } }: Call): string {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization)?.[1] ?? ''
}

/**
 * Another operator's token is none of ours. The user's token dies with the SIM card it was made on (assumed), and one for
 * Number Verification after its first call (a MUST of that API's main branch).
 */
function isStillValid(context: OperatorContext, { operator, subject, scopes, calls }: AccessGrant): boolean {
  const { lives, assume } = context.ports
  if (operator !== context.operator) return false
  const oneShot =
    scopes.some(scope => scope.startsWith('number-verification:')) && assume('number-verification-token') === 'one-shot'
  if (oneShot && calls > 0) return false
  if (subject === undefined) return true
  if (assume('user-token-after-new-sim') === 'lives') return true
  return lives.isHeld(subject.index) && lives.tenure(subject.index).generation === subject.generation
}

function correlatorOf({ headers }: Call): string {
  const value = headers['x-correlator']
  return typeof value === 'string' ? value : ''
}

/** Echoes a correlator that was sent and is well-formed; adds none of its own. */
function withCorrelator(call: Call, answered: Answer): Answer {
  const correlator = correlatorOf(call)
  if (correlator === '' || !CORRELATOR.test(correlator)) return answered
  return { ...answered, headers: { ...answered.headers, 'x-correlator': correlator } }
}

function bodyOf(context: OperatorContext, call: Call, known: readonly string[]): ErrorCode | Readonly<Record<string, unknown>> {
  if (call.unreadable !== undefined) return 'INVALID_ARGUMENT'
  if (!/^application\/json\s*(;|$)/.test(call.contentType)) {
    return context.ports.assume('other-media-type') === '415' ? 'UNSUPPORTED_MEDIA_TYPE' : 'INVALID_ARGUMENT'
  }
  const fields = jsonObject(call.body)
  if (fields === undefined) return 'INVALID_ARGUMENT'
  const isStrict = context.ports.assume('request-bodies') === 'strict'
  return isStrict && Object.keys(fields).some(name => !known.includes(name)) ? 'INVALID_ARGUMENT' : fields
}

export const PHONE_NUMBER = /^\+[1-9][0-9]{4,14}$/

/**
 * Whom a call is about: the token's user, or the number in the body; never both, even when they are the same, so that nobody can
 * test guesses. `evenUnheld`: also a number without a holder.
 */
export function subjectOf(
  context: OperatorContext,
  { subject }: { subject: TokenSubject | undefined },
  phoneNumber: unknown,
  evenUnheld = false,
): { index: number } | { error: ErrorCode } {
  if (phoneNumber !== undefined && (typeof phoneNumber !== 'string' || !PHONE_NUMBER.test(phoneNumber))) {
    return { error: 'INVALID_ARGUMENT' }
  }
  if (subject !== undefined) return phoneNumber === undefined ? { index: subject.index } : { error: 'UNNECESSARY_IDENTIFIER' }
  if (phoneNumber === undefined) return { error: 'MISSING_IDENTIFIER' }
  const index = servedIndex(context, phoneNumber, evenUnheld)
  if (index !== undefined) return { index }
  const isResting = context.ports.assume('unheld-number') === '422' && servedIndex(context, phoneNumber, true) !== undefined
  return { error: isResting ? 'SERVICE_NOT_APPLICABLE' : 'IDENTIFIER_NOT_FOUND' }
}

/** No API file defines `Retry-After`; a backend must do with and without. */
function throttled(context: OperatorContext): Answer {
  const answer = apiError('TOO_MANY_REQUESTS')
  return context.ports.assume('retry-after') === 'sent' ? { ...answer, headers: { 'retry-after': '1' } } : answer
}

import type { Answer, Operation } from '../dialect.ts'
import type { NumberHistory } from '../number-history.ts'
import { apiError, apiResult } from './api-answers.ts'
import { type ApiCall, apiOperation, subjectOf } from './api-operation.ts'
import type { OperatorContext } from './operator-context.ts'
import type { ApiScope } from './scopes.ts'

interface SwapApi {
  base: string
  /** Operation ids of the specification. */
  checkName: string
  dateName: string
  scopes: { all: ApiScope; check: ApiScope; date: ApiScope }
  dateField: string
  sinceMs(history: NumberHistory): number
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** SIM Swap 2.1.0: reissue, replacement and porting all count, so it cannot tell them apart; that is the specification's own word. */
export function simSwap(context: OperatorContext): Operation[] {
  return swapOperations(context, {
    base: '/sim-swap/v2',
    checkName: 'checkSimSwap',
    dateName: 'retrieveSimSwapDate',
    scopes: { all: 'sim-swap', check: 'sim-swap:check', date: 'sim-swap:retrieve-date' },
    dateField: 'latestSimChange',
    sinceMs: history => history.simSinceMs,
  })
}

/** Device Swap 1.0.0: the pair of number and handset is new. */
export function deviceSwap(context: OperatorContext): Operation[] {
  return swapOperations(context, {
    base: '/device-swap/v1',
    checkName: 'checkDeviceSwap',
    dateName: 'retrieveDeviceSwapDate',
    scopes: { all: 'device-swap', check: 'device-swap:check', date: 'device-swap:retrieve-date' },
    dateField: 'latestDeviceChange',
    sinceMs: history => history.deviceSinceMs,
  })
}

function swapOperations(context: OperatorContext, api: SwapApi): Operation[] {
  const { all, check, date } = api.scopes
  return [
    apiOperation(context, `${api.base}/check`, {
      POST: {
        name: api.checkName,
        scopes: [all, check],
        body: ['phoneNumber', 'maxAge'],
        serve: call => checkSwap(context, api, call),
      },
    }),
    apiOperation(context, `${api.base}/retrieve-date`, {
      POST: {
        name: api.dateName,
        scopes: [all, date],
        body: ['phoneNumber'],
        serve: call => retrieveDate(context, api, call),
      },
    }),
  ]
}

function checkSwap(context: OperatorContext, api: SwapApi, { grant, fields }: ApiCall): Answer {
  const { maxAge = 240, phoneNumber } = fields
  if (typeof maxAge !== 'number' || !Number.isInteger(maxAge)) return apiError('INVALID_ARGUMENT')
  if (maxAge < 1 || maxAge > 2400) return apiError('OUT_OF_RANGE')
  const subject = subjectOf(context, grant, phoneNumber)
  if ('error' in subject) return apiError(subject.error)
  const ageMs = context.ports.nowMs() - api.sinceMs(context.ports.lives.history(subject.index))
  return apiResult({ swapped: ageMs <= maxAge * HOUR_MS })
}

/** Without a swap the date of the first activation, as for unlimited history; `null` with a monitored period when that is limited. */
function retrieveDate(context: OperatorContext, api: SwapApi, { grant, fields }: ApiCall): Answer {
  const subject = subjectOf(context, grant, fields.phoneNumber)
  if ('error' in subject) return apiError(subject.error)
  const { lives, nowMs, assume } = context.ports
  const sinceMs = api.sinceMs(lives.history(subject.index))
  const monitoredDays = Number(assume('monitored-days')) // NaN when unlimited
  if (nowMs() - sinceMs > monitoredDays * DAY_MS) return apiResult({ [api.dateField]: null, monitoredPeriod: monitoredDays })
  return apiResult({ [api.dateField]: new Date(sinceMs).toISOString() })
}

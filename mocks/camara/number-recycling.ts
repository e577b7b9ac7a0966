import type { Answer, Operation } from '../dialect.ts'
import { beijingDay, recycledAfter, utcDay } from '../number-history.ts'
import { apiError, apiResult } from './api-answers.ts'
import { type ApiCall, apiOperation, subjectOf } from './api-operation.ts'
import type { OperatorContext } from './operator-context.ts'

const DAY_MS = 86_400_000

/** Number Recycling 0.2.0: has the subscriber changed after a day? The only API that tells a reissue from a replaced SIM card. */
export function numberRecycling(context: OperatorContext): Operation[] {
  return [
    apiOperation(context, '/number-recycling/v0.2/check', {
      POST: {
        name: 'checkNumberRecycling',
        scopes: ['number-recycling:check'],
        body: ['phoneNumber', 'specifiedDate'],
        serve: call => check(context, call),
      },
    }),
  ]
}

function check(context: OperatorContext, { grant, fields }: ApiCall): Answer {
  const { ports } = context
  const day = dayOf(fields.specifiedDate)
  if (day === undefined) return apiError('INVALID_ARGUMENT')
  const dayOfMs = ports.assume('days') === 'utc' ? utcDay : beijingDay
  const today = dayOfMs(ports.nowMs())
  const windowDays = Number(ports.assume('recycling-window-days')) // NaN when unlimited
  if (day > today || today - day > windowDays) return apiError('OUT_OF_RANGE')
  const subject = subjectOf(context, grant, fields.phoneNumber, true)
  if ('error' in subject) return apiError(subject.error)
  return apiResult({ phoneNumberRecycled: recycledAfter(ports.lives.history(subject.index), day, dayOfMs) })
}

/** Days since 1970 of a calendar date; undefined for anything else, 30 February included. */
function dayOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const atMs = Date.parse(`${value}T00:00:00Z`)
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== value) return undefined
  return atMs / DAY_MS
}

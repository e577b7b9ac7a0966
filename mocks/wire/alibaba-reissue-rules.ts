import { exhaustive } from '../../src/contract/json.ts'
import { customerSinceMs, fateSince, heldSinceMs, type NumberHistory } from '../number-history.ts'

/**
 * `VerifyResult` of DescribePhoneTwiceTelVerify: 1 reissued, 2 not reissued, 3 cancelled, 4 transferred to a new owner.
 * `registeredMs` is when the user registered with the caller: a number issued later than that has another holder now.
 */
export function holderChange(history: NumberHistory, registeredMs: number): 1 | 2 | 3 | 4 {
  const fate = fateSince(history, registeredMs)
  switch (fate) {
    case 'reissued':
      return 1
    case 'same-holder':
      return 2
    case 'cancelled':
      return 3
    case 'transferred':
      return 4
    default:
      return exhaustive(fate)
  }
}

/**
 * `VerifyResult` of the older DescribePhoneNumberResale, whose date reads the other way round: 1 reissued when `sinceMs` lies
 * after the last re-issue, that is, when a re-issue happened before it. 3 cancelled. Whether the first issue counts is assumed.
 */
export function resaleChange(history: NumberHistory, sinceMs: number, countsFirstIssue = false): 1 | 2 | 3 {
  const heldMs = heldSinceMs(history)
  if (heldMs === undefined) return 3
  const counts = history.heldBy === 'reissued' || (countsFirstIssue && history.heldBy === undefined)
  return counts && sinceMs > heldMs ? 1 : 2
}

const DAY_MS = 86_400_000
/** A month as somebody may count it: a year of 360 days, or of the calendar's. */
export const MONTHS_MS = { '30-days': 30 * DAY_MS, 'calendar-average': (365.25 / 12) * DAY_MS } as const

/** Months in the present operator's network: 1 [0,3) 2 [3,6) 3 [6,12) 4 [12,24) 5 from 24 on; 0 abnormal, -1 no answer. */
export function onlineTimeClass(
  history: NumberHistory,
  nowMs: number,
  monthMs: number = MONTHS_MS['30-days'],
): -1 | 0 | 1 | 2 | 3 | 4 | 5 {
  const sinceMs = customerSinceMs(history)
  if (sinceMs === undefined) return 0
  const months = (nowMs - sinceMs) / monthMs
  if (months < 3) return 1
  if (months < 6) return 2
  if (months < 12) return 3
  return months < 24 ? 4 : 5
}

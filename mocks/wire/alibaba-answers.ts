import { randomUUID } from 'node:crypto'
import type { Answer } from '../dialect.ts'

const JSON_TYPE = 'application/json;charset=utf-8'

/** How an answer counts: whether a number was given out or confirmed, and whether the call is charged. */
export interface Counted {
  redeemed: boolean
  billed: boolean
}

const UNCOUNTED: Counted = { redeemed: false, billed: false }

export function requestId(): string {
  return randomUUID().toUpperCase()
}

/** The product answers: HTTP 200 unless told, `Code` `OK` or one of its own. */
export function productAnswer(code: string, fields: object, counted: Counted = UNCOUNTED, httpStatus = 200): Answer {
  const body = JSON.stringify({ Code: code, ...fields })
  return { httpStatus, contentType: JSON_TYPE, body, resultCode: code, ...counted }
}

/** The gateway in front of the products refuses: its own envelope and a status that is an error ([S20]). */
export function gatewayRefusal(httpStatus: number, code: string, message: string, host: string, retryAfterMs?: number): Answer {
  const fields = { RequestId: requestId(), HostId: host, Code: code, Message: message }
  const recommend = `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}`
  return {
    httpStatus,
    contentType: JSON_TYPE,
    body: JSON.stringify({ ...fields, Recommend: recommend }),
    ...(retryAfterMs === undefined ? {} : { headers: { 'x-acs-retry-after': String(retryAfterMs) } }),
    resultCode: code,
    ...UNCOUNTED,
  }
}

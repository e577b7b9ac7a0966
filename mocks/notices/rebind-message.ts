import { createHmac } from 'node:crypto'
import type { RebindNotice } from '../../src/contract/journal.ts'
import type { Composed } from './post.ts'

/**
 * A rebind notice as a signed webhook. The format is ours: what the carriers push is not published ([S49]). The
 * signature is lower-case hex of HMAC-SHA256 over `<unix seconds>.<raw body>`.
 */
export function rebindMessage(notice: RebindNotice, secret: string, wallMs: number): Composed {
  const body = JSON.stringify(notice)
  const timestamp = String(Math.floor(wallMs / 1000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return {
    headers: { 'content-type': 'application/json', 'x-rebind-timestamp': timestamp, 'x-rebind-signature': signature },
    body,
  }
}

import { randomUUID } from 'node:crypto'
import type { Transport } from '../carriers/transport.ts'
import { canonicalMsisdn } from '../msisdn.ts'

export type SmsTemplate = 'bind-code' | 'login-code' | 'reset-code'

export interface SmsGateway {
  /** True when the gateway took the message. Does not throw. */
  send(to: string, template: SmsTemplate, code: string): Promise<boolean>
  close(): void
}

export interface SmsAccess {
  url: URL
  apiKey: string
}

/** POST /v1/messages of a plain SMS gateway; 202 is taken, anything else is not. */
export function smsGateway(access: SmsAccess, transport: Transport): SmsGateway {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${access.apiKey}` }
  return {
    close: () => transport.close(),
    send: async (to, template, code) => {
      // The gateway wants eleven digits, however the number is kept here.
      const body = JSON.stringify({ to: canonicalMsisdn(to) ?? to, template, params: { code }, clientRef: randomUUID() })
      const reply = await transport.send({ method: 'POST', path: '/v1/messages', headers, body })
      return reply.kind === 'reply' && reply.status === 202
    },
  }
}

import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import { type AlibabaAccess, acs3Call } from './alibaba-signature.ts'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient, ExchangeAnswer, Failure, NumberCheckClient, VerifyAnswer } from './exchange.ts'
import { failed, numberAnswer } from './exchange.ts'

const VERSION = '2017-05-25'

/** Codes that speak of the token: expired, taken for the other operation, of another carrier's SIM, malformed. */
const TOKEN_CODES = new Set([
  'isv.TOKEN_INVALID',
  'isv.TOKEN_UNAUTHORIZED_USED',
  'isv.PARAMETERS_MISMATCH',
  'isv.INVALID_PARAMETERS',
])

/** That a token of another app is answered so is assumed. */
const APP_CODE = 'isv.INVALID_APP'

/** Alibaba Dypnsapi `GetMobile`: business errors come with HTTP 200 and a `Code` that is not OK. The app id stays with the SDK. */
export function alibabaClient(access: AlibabaAccess, means: ClientMeans): CarrierClient {
  return {
    appId: undefined,
    close: () => means.transport.close(),
    async exchange({ token }) {
      const reply = await asked(access, means, 'GetMobile', { AccessToken: token })
      if (reply.kind !== 'fields') return reply
      return numberAnswer(objectField(reply.fields, 'GetMobileResultDTO')?.Mobile)
    },
  }
}

/** Alibaba Dypnsapi `VerifyMobile`: is this the number of the SIM the access code comes from? */
export function alibabaNumberCheck(access: AlibabaAccess, means: ClientMeans): NumberCheckClient {
  return {
    close: () => means.transport.close(),
    async verify(token, msisdn): Promise<VerifyAnswer> {
      const reply = await asked(access, means, 'VerifyMobile', { AccessCode: token, PhoneNumber: msisdn })
      if (reply.kind !== 'fields') return reply
      const result = objectField(reply.fields, 'GateVerifyResultDTO')?.VerifyResult
      if (result === 'PASS' || result === 'REJECT') return { kind: 'verified', match: result === 'PASS' }
      return failed('the carrier cannot tell')
    },
  }
}

type Asked =
  | { kind: 'fields'; fields: Record<string, unknown> }
  | Extract<ExchangeAnswer, { kind: 'app-refused' | 'refused' }>
  | Failure

async function asked(
  access: AlibabaAccess,
  { transport, reader, nowMs }: ClientMeans,
  action: string,
  parameters: Record<string, string>,
): Promise<Asked> {
  const { path, headers } = acs3Call(access, transport.host, action, VERSION, parameters, { nowMs: nowMs() })
  const reply = reader.fields(await transport.send({ method: 'POST', path, headers }))
  return reply.kind === 'failed' ? reply : accepted(reader, reply.fields)
}

function accepted(reader: AnswerReader, fields: Record<string, unknown>): Asked {
  const { Code: code } = fields
  if (reader.isSuccess(code, 'OK')) return { kind: 'fields', fields }
  if (typeof code !== 'string') return failed('no result code')
  if (code === APP_CODE) return { kind: 'app-refused', code }
  return TOKEN_CODES.has(code) ? { kind: 'refused', code } : failed(`result code ${code}`)
}

function objectField(fields: Record<string, unknown>, name: string): Record<string, unknown> | undefined {
  const value = fields[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

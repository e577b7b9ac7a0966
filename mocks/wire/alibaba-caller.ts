import type { Call } from '../dialect.ts'
import type { AlibabaAccount } from './alibaba-account.ts'
import {
  ACS3_ALGORITHM,
  acs3Authorization,
  acs3BodyHash,
  acs3HeaderNames,
  acs3Signature,
  acs3StringToSign,
} from './alibaba-acs3.ts'
import { rpcSignature, rpcStringToSign } from './alibaba-rpc-sign.ts'
import { formFields, type StringFields, text } from './string-fields.ts'

/** What a call says of itself and whether its signature holds. Freshness is not judged here. */
export interface AlibabaCaller {
  action: string
  version: string
  /** Query and form fields together. */
  params: StringFields
  accessKeyId: string
  account: AlibabaAccount | undefined
  /** `YYYY-MM-DDThh:mm:ssZ` as sent. */
  timestamp: string
  nonce: string
  signature: 'ok' | 'bad' | 'absent'
  /** A signature of a kind that this mock does not check. */
  unknownAlgorithm: boolean
}

/** Reads a call in either style: ACS3 in headers, or the older RPC signature among the parameters. Undefined: no parameters can be read. */
export function alibabaCaller(call: Call, accounts: ReadonlyMap<string, AlibabaAccount>): AlibabaCaller | undefined {
  if (call.unreadable !== undefined) return undefined
  const query = formFields(call.query)
  const form = call.contentType.startsWith('application/x-www-form-urlencoded') ? formFields(call.body) : {}
  if (query === undefined || form === undefined) return undefined
  // A name in both places would have two values; nobody says which one counts.
  if (Object.keys(form).some(name => Object.hasOwn(query, name))) return undefined
  const params = { ...query, ...form }
  return call.headers.authorization === undefined ? rpcCaller(call, params, accounts) : acs3Caller(call, query, params, accounts)
}

function acs3Caller(
  call: Call,
  query: StringFields,
  params: StringFields,
  accounts: ReadonlyMap<string, AlibabaAccount>,
): AlibabaCaller {
  const given = acs3Authorization(call.headers.authorization)
  const account = accounts.get(given?.accessKeyId ?? '')
  const header = (name: string): string => String(call.headers[name] ?? '')
  const unknownAlgorithm = given !== undefined && given.algorithm !== ACS3_ALGORITHM
  let holds = false
  if (given !== undefined && account !== undefined && !unknownAlgorithm) {
    const stringToSign = acs3StringToSign({ ...call, query }, given.signedHeaders)
    holds =
      acs3HeaderNames(call.headers).every(name => given.signedHeaders.includes(name)) &&
      header('x-acs-content-sha256') === acs3BodyHash(call.body) &&
      given.signature === acs3Signature(stringToSign, account.accessKeySecret)
  }
  return {
    action: header('x-acs-action') || text(params, 'Action'),
    version: header('x-acs-version') || text(params, 'Version'),
    params,
    accessKeyId: given?.accessKeyId ?? '',
    account,
    timestamp: header('x-acs-date'),
    nonce: header('x-acs-signature-nonce'),
    signature: holds ? 'ok' : 'bad',
    unknownAlgorithm,
  }
}

function rpcCaller(call: Call, params: StringFields, accounts: ReadonlyMap<string, AlibabaAccount>): AlibabaCaller {
  const accessKeyId = text(params, 'AccessKeyId')
  const account = accounts.get(accessKeyId)
  const signature = text(params, 'Signature')
  const unknownAlgorithm = signature !== '' && text(params, 'SignatureMethod') !== 'HMAC-SHA1'
  const holds =
    account !== undefined &&
    !unknownAlgorithm &&
    signature === rpcSignature(rpcStringToSign(call.method, params), account.accessKeySecret)
  return {
    action: text(params, 'Action'),
    version: text(params, 'Version'),
    params,
    accessKeyId,
    account,
    timestamp: text(params, 'Timestamp'),
    nonce: text(params, 'SignatureNonce'),
    signature: signature === '' ? 'absent' : holds ? 'ok' : 'bad',
    unknownAlgorithm,
  }
}

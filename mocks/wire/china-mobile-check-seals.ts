import { createHmac, hash, type KeyObject, verify } from 'node:crypto'
import { openWithPrivate } from './rsa.ts'
import { type StringFields, text } from './string-fields.ts'

/** A request of tokenValidate as it was read. */
export interface CheckEnvelope {
  header: StringFields
  body: StringFields
}

/** How RSA blocks are written: no document says. */
export type RsaEncoding = 'hex' | 'base64'

/** keyType 0: `SHA256(phone + appKey + timestamp)`, upper-case hex ([S1]). */
export function hashedNumber(msisdn: string, appKey: string, timestamp: string): string {
  return hash('sha256', msisdn + appKey + timestamp, 'hex').toUpperCase()
}

/** keyType 0: HMAC-SHA256 over the signed values, upper-case hex. */
export function numberCheckSign(envelope: CheckEnvelope, appKey: string): string {
  return createHmac('sha256', appKey).update(signedValues(envelope)).digest('hex').toUpperCase()
}

/** keyType 1: MD5withRSA over the same values, with the customer's private key. */
export function checkRsaSignHolds(envelope: CheckEnvelope, publicKey: KeyObject, encoding: RsaEncoding): boolean {
  const block = blockOf(text(envelope.body, 'sign'), encoding)
  return block !== undefined && verify('md5', Buffer.from(signedValues(envelope)), publicKey, block)
}

/**
 * keyType 1: `phone + appKey + timestamp` under the platform's public key. The phone, or undefined when the block does not open
 * or ends in something else than key and time.
 */
export function openedNumber(
  phoneNum: string,
  keyAndTime: string,
  privateKey: KeyObject,
  encoding: RsaEncoding,
): string | undefined {
  const block = blockOf(phoneNum, encoding)
  const plain = block === undefined ? undefined : openWithPrivate(privateKey, block)?.toString('latin1')
  return plain?.endsWith(keyAndTime) === true ? plain.slice(0, -keyAndTime.length) : undefined
}

/** `appId + msgId + phoneNum + timestamp + token + version`: the values in the natural order of their names, `phoneNum` as sent. */
function signedValues({ header, body }: CheckEnvelope): string {
  return (
    text(header, 'appId') +
    text(header, 'msgId') +
    text(body, 'phoneNum') +
    text(header, 'timestamp') +
    text(body, 'token') +
    text(header, 'version')
  )
}

function blockOf(written: string, encoding: RsaEncoding): Buffer | undefined {
  const shape = encoding === 'hex' ? /^([0-9A-Fa-f]{2})+$/ : /^[A-Za-z0-9+/]+={0,2}$/
  return shape.test(written) ? Buffer.from(written, encoding) : undefined
}

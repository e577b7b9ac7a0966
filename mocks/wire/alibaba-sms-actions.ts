import { randomUUID } from 'node:crypto'
import type { Answer, DialectPorts } from '../dialect.ts'
import { productAnswer, requestId } from './alibaba-answers.ts'
import type { RpcAction, RpcRequest } from './alibaba-rpc.ts'
import type { SmsCodes } from './sms-codes.ts'
import { jsonObject, onlyStrings, type StringFields, text } from './string-fields.ts'

const DIGITS = '0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()

/** CodeType 1 to 7, as the SDK's comments list them. */
const ALPHABETS = [DIGITS, UPPER, LOWER, UPPER + LOWER, DIGITS + UPPER, DIGITS + LOWER, DIGITS + UPPER + LOWER]

const PLACEHOLDER = '##code##'

/** SendSmsVerifyCode and CheckSmsVerifyCode: the cloud makes the code, sends it and checks it ([S15]). */
export function smsActions(ports: DialectPorts, codes: SmsCodes): RpcAction[] {
  return [
    {
      name: 'SendSmsVerifyCode',
      required: ['PhoneNumber', 'SignName', 'TemplateCode', 'TemplateParam'],
      run: request => send(request, codes, ports),
    },
    { name: 'CheckSmsVerifyCode', required: ['PhoneNumber', 'VerifyCode'], run: request => check(request, codes, ports) },
  ]
}

interface SendOrder {
  template: StringFields
  length: number
  alphabet: string
  overwrite: boolean
  intervalMs: number
  lifetimeMs: number
}

function send({ account, params }: RpcRequest, codes: SmsCodes, ports: DialectPorts): Answer {
  const number = numberOf(params)
  if (number === undefined) return refuse('isv.MOBILE_NUMBER_ILLEGAL', 'illegal phone number', ports)
  const order = orderOf(params)
  if (typeof order === 'string') return refuse('isv.INVALID_PARAMETERS', `invalid parameter: ${order}`, ports)
  const key = keyOf(account.appId, params, number)
  const nowMs = ports.nowMs()
  if (codes.waitMs(key, order.intervalMs, nowMs) > 0) return refuse(ports.assume('sms-too-often'), 'sent too often', ports)
  const code = codes.draw(order.length, order.alphabet)
  codes.sent(key, code, order.lifetimeMs, nowMs, order.overwrite)
  const filled = Object.entries(order.template).map(([name, value]) => [name, value.replaceAll(PLACEHOLDER, code)])
  ports.inbox.deliver({
    atMs: nowMs,
    to: number,
    template: text(params, 'TemplateCode'),
    params: { ...Object.fromEntries(filled), code },
  })
  const id = requestId()
  const Model = {
    BizId: randomUUID(),
    OutId: text(params, 'OutId'),
    RequestId: id,
    ...(text(params, 'ReturnVerifyCode') === 'true' ? { VerifyCode: code } : {}),
  }
  return productAnswer('OK', { Message: 'OK', RequestId: id, Model, Success: true }, { redeemed: false, billed: true })
}

/** A wrong code is a success envelope with UNKNOWN, and there is no top-level RequestId (4.4). */
function check({ account, params }: RpcRequest, codes: SmsCodes, ports: DialectPorts): Answer {
  const number = numberOf(params)
  if (number === undefined) return refuse('isv.MOBILE_NUMBER_ILLEGAL', 'illegal phone number', ports)
  const fold = text(params, 'CaseAuthPolicy') === '2' ? (code: string) => code : (code: string) => code.toUpperCase()
  const given = fold(text(params, 'VerifyCode'))
  const once = ports.assume('sms-code-use') === 'once'
  const passed = codes.use(keyOf(account.appId, params, number), code => fold(code) === given, ports.nowMs(), once)
  const Model = { OutId: text(params, 'OutId'), VerifyResult: passed ? 'PASS' : 'UNKNOWN' }
  return productAnswer('OK', { Message: 'OK', Model, Success: true }, { redeemed: passed, billed: false })
}

function orderOf(params: StringFields): SendOrder | string {
  const template = onlyStrings(jsonObject(text(params, 'TemplateParam')))
  if (template === undefined || !Object.values(template).some(value => value.includes(PLACEHOLDER))) return 'TemplateParam'
  const length = wholeNumber(params, 'CodeLength', 4, 4, 8)
  const type = wholeNumber(params, 'CodeType', 1, 1, ALPHABETS.length)
  const policy = wholeNumber(params, 'DuplicatePolicy', 1, 1, 2)
  const intervalS = wholeNumber(params, 'Interval', 60, 0, 86_400)
  const lifetimeS = wholeNumber(params, 'ValidTime', 300, 1, 86_400)
  if (length === undefined) return 'CodeLength'
  if (type === undefined) return 'CodeType'
  if (policy === undefined) return 'DuplicatePolicy'
  if (intervalS === undefined) return 'Interval'
  if (lifetimeS === undefined) return 'ValidTime'
  const alphabet = ALPHABETS[type - 1] ?? DIGITS
  return { template, length, alphabet, overwrite: policy === 1, intervalMs: intervalS * 1000, lifetimeMs: lifetimeS * 1000 }
}

function wholeNumber(params: StringFields, name: string, absent: number, least: number, most: number): number | undefined {
  const given = text(params, name)
  if (given === '') return absent
  const value = Number(given)
  return /^\d+$/.test(given) && value >= least && value <= most ? value : undefined
}

/** Eleven digits; the SDK's sample has 86 before them. */
function numberOf(params: StringFields): string | undefined {
  if (!['', '86'].includes(text(params, 'CountryCode'))) return undefined
  return /^(?:86)?(1\d{10})$/.exec(text(params, 'PhoneNumber'))?.[1]
}

function keyOf(account: string, params: StringFields, number: string): string {
  return `${account} ${number} ${text(params, 'SchemeName')}`
}

function refuse(code: string, message: string, ports: DialectPorts): Answer {
  const fields = { Message: message, RequestId: requestId(), Success: false }
  return productAnswer(code, fields, undefined, Number(ports.assume('isv-status')))
}

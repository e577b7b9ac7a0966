import { CARRIER_IDS, type CarrierId } from '../../src/contract/carriers.ts'
import { indexOfNumber, NUMBER_PREFIXES } from '../../src/contract/people.ts'
import type { Answer, DialectPorts } from '../dialect.ts'
import { rangeCarrier } from '../life.ts'
import type { NumberHistory } from '../number-history.ts'
import { OPERATOR_NAMES } from './aggregated-operator.ts'
import { productAnswer, requestId } from './alibaba-answers.ts'
import { holderChange, MONTHS_MS, onlineTimeClass, resaleChange } from './alibaba-reissue-rules.ts'
import type { RpcAction, RpcRequest } from './alibaba-rpc.ts'
import { BEIJING_AHEAD_MS, beijingMs } from './beijing-time.ts'
import { RateWindows } from './rate-windows.ts'
import { text } from './string-fields.ts'

type CarrierName = (typeof OPERATOR_NAMES)[CarrierId]

const STATUS: Record<NumberHistory['state'], string> = { active: 'NORMAL', deactivated: 'SHUTDOWN', quarantined: 'NOT_EXIST' }

const COMMON = ['AuthCode', 'InputNumber', 'Mask']

/** Of DescribePhoneTwiceTelVerify (9.1); taken for the others too. */
const ASKED_AT_MOST_PER_SECOND = 100

/** What the books say about the number asked for. */
interface Found {
  msisdn: string
  /** Serves the number now, after porting. */
  carrier: CarrierName
  ported: boolean
  history: NumberHistory
}

/** `unknown`: a well-formed number of which the books say nothing. Else the code to refuse with. */
type Search = Found | 'unknown' | { code: string }

/** The actions of Dytnsapi 2020-02-17 that a login backend asks about a number ([S22]). */
export function numberActions(ports: DialectPorts): RpcAction[] {
  const desk = new NumberDesk(ports)
  const online = ({ history }: Found): object => {
    const monthMs = MONTHS_MS[ports.assume('month') === '30-days' ? '30-days' : 'calendar-average']
    return { VerifyResult: String(onlineTimeClass(history, ports.nowMs(), monthMs)) }
  }
  return [
    desk.reissue('DescribePhoneTwiceTelVerify', 'Carrier'),
    desk.reissue('QueryPhoneTwiceTelVerify', 'CarrierCode'),
    desk.about('DescribePhoneNumberOnlineTime', 'CarrierCode', online, { VerifyResult: '-1' }),
    desk.about('QueryPhoneNumberOnlineTime', 'CarrierCode', online, { VerifyResult: '-1' }),
    ...['Real', 'Account', 'Public', 'Sms', 'Voice'].map(use =>
      desk.about(`PhoneNumberStatusFor${use}`, 'Carrier', ({ history }) => ({ Status: STATUS[history.state] }), {
        Status: 'UNKNOWN',
      }),
    ),
    desk.about('DescribePhoneNumberOperatorAttribute', 'Carrier', operatorAttribute, {}),
    desk.resale(),
  ]
}

/** Places are invented: people.ts knows none. */
function operatorAttribute({ msisdn, ported }: Found): object {
  const basic = CARRIER_IDS.find(id => NUMBER_PREFIXES[id].includes(msisdn.slice(0, 3)))
  return {
    BasicCarrier: basic === undefined ? '' : OPERATOR_NAMES[basic],
    City: '杭州',
    Province: '浙江',
    NumberSegment: Number(msisdn.slice(0, 7)),
    IsNumberPortability: ported,
  }
}

class NumberDesk {
  readonly #ports: DialectPorts
  readonly #windows = new RateWindows()

  constructor(ports: DialectPorts) {
    this.#ports = ports
  }

  /** An action that reads something off the number's history; `carrierField` names the serving carrier in `Data`. */
  about(name: string, carrierField: string, read: (found: Found) => object, whenUnknown: object): RpcAction {
    return {
      name,
      required: COMMON,
      run: request => {
        const found = this.#search(name, request)
        if (found === 'unknown') return give({ [carrierField]: '', ...whenUnknown }, false)
        return 'code' in found ? refuse(found.code) : give({ [carrierField]: found.carrier, ...read(found) }, true)
      },
    }
  }

  /** `StartTime`, when the user registered with the caller; a later issue of the number means another holder. */
  reissue(name: string, carrierField: string): RpcAction {
    return {
      name,
      required: [...COMMON, 'StartTime'],
      run: request => {
        const registeredMs = this.#timeOf(text(request.params, 'StartTime'))
        if (registeredMs === undefined || registeredMs <= 0) return refuse('isv.INVALID_PARAMETERS')
        const found = this.#search(name, request)
        if (found === 'unknown') return give({ [carrierField]: '', VerifyResult: '0' }, false)
        if ('code' in found) return refuse(found.code)
        if (this.#isUnsupported(found)) return refuse('PortabilityNumberNotSupported')
        return give({ [carrierField]: found.carrier, VerifyResult: String(holderChange(found.history, registeredMs)) }, true)
      },
    }
  }

  /** The older action with the opposite date: no AuthCode, no Mask, and the result is a JSON number. */
  resale(): RpcAction {
    return {
      name: 'DescribePhoneNumberResale',
      required: ['PhoneNumber', 'Since'],
      run: ({ params }) => {
        const sinceMs = this.#timeOf(text(params, 'Since'))
        if (sinceMs === undefined) return refuse('isv.INVALID_PARAMETERS')
        const found = this.#lookUp(text(params, 'PhoneNumber'))
        if (found === 'unknown') return giveTwice('', 0)
        if ('code' in found) return refuse(found.code === 'isv.MOBILE_NUMBER_ILLEGAL' ? found.code : 'isp.UNKNOWN')
        if (this.#isUnsupported(found)) return refuse('isp.PORTABILITY_NUMBER_NOT_SUPPORTED')
        return giveTwice(
          found.carrier,
          resaleChange(found.history, sinceMs, this.#ports.assume('resale-of-first-issue') === 'counts'),
        )
      },
    }
  }

  #timeOf(written: string): number | undefined {
    const ms = beijingMs(written)
    return ms !== undefined && this.#ports.assume('time-zone') === 'utc' ? ms + BEIJING_AHEAD_MS : ms
  }

  #isUnsupported(found: Found): boolean {
    return found.ported && this.#ports.assume('ported-number') === 'not-supported'
  }

  #search(action: string, { account, params }: RpcRequest): Search {
    if (text(params, 'AuthCode') !== account.authCode) return { code: this.#ports.assume('wrong-auth-code') }
    if (text(params, 'Mask') !== 'NORMAL') return { code: 'RequestNumberNotSupported' }
    if (this.#ports.assume('rate-limit') === '100-per-second') {
      const waitMs = this.#windows.waitMs(`${account.appId} ${action}`, ASKED_AT_MOST_PER_SECOND, this.#ports.wallMs())
      if (waitMs > 0) return { code: 'RequestFrequencyLimit' }
    }
    return this.#lookUp(text(params, 'InputNumber'))
  }

  #lookUp(msisdn: string): Search {
    if (!/^1\d{10}$/.test(msisdn)) return { code: 'isv.MOBILE_NUMBER_ILLEGAL' }
    if (NOT_OF_THE_THREE.test(msisdn)) return { code: 'RequestNumberNotSupported' }
    const index = indexOfNumber(this.#ports.seed, msisdn)
    if (index === undefined)
      return this.#ports.assume('unknown-number') === '0' ? 'unknown' : { code: 'RequestNumberNotSupported' }
    const { lives } = this.#ports
    const { carrier } = lives.tenure(index)
    return { msisdn, carrier: OPERATOR_NAMES[carrier], ported: carrier !== rangeCarrier(index), history: lives.history(index) }
  }
}

/** Broadnet and virtual operators, whose numbers the service does not know (9.1; the virtual operators' prefixes are common knowledge). */
const NOT_OF_THE_THREE = /^1(?:92|62|65|67|70|71)/

/** Charged when `Code` is OK and the result is not 0 (9.1). */
function give(Data: object, billed: boolean): Answer {
  return productAnswer('OK', { Message: 'OK', RequestId: requestId(), Data }, { redeemed: false, billed })
}

function giveTwice(Carrier: CarrierName | '', VerifyResult: number): Answer {
  const fields = { Message: 'OK', RequestId: requestId(), TwiceTelVerify: { Carrier, VerifyResult } }
  return productAnswer('OK', fields, { redeemed: false, billed: VerifyResult !== 0 })
}

function refuse(code: string): Answer {
  return productAnswer(code, { Message: code, RequestId: requestId() })
}

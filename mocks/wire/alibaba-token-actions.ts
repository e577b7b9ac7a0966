import { exhaustive } from '../../src/contract/json.ts'
import { indexOfNumber } from '../../src/contract/people.ts'
import type { TokenClaims, TokenPurpose } from '../../src/contract/token.ts'
import type { Answer, DialectPorts } from '../dialect.ts'
import type { Redemption } from '../teller.ts'
import { productAnswer, requestId } from './alibaba-answers.ts'
import type { RpcAction, RpcRequest } from './alibaba-rpc.ts'
import { text } from './string-fields.ts'

/** Wording is ours, except "OK". */
const MESSAGES: Record<string, string> = {
  'isv.TOKEN_INVALID': 'token expired or illegal',
  'isv.TOKEN_UNAUTHORIZED_USED': 'a token of number verification does not log in, nor the other way round',
  'isv.INVALID_APP': 'the token was taken by another app',
  'isv.MOBILE_NUMBER_ILLEGAL': 'illegal phone number',
  'isv.PARAMETERS_MISMATCH': 'carrier of the number differs from the carrier of the data SIM card',
}

/** GetMobile, VerifyMobile, their two H5 sisters and VerifyWithFusionAuthToken ([S15], [S17], [S19]). */
export function tokenActions(ports: DialectPorts): RpcAction[] {
  const desk = new Desk(ports)
  return [
    desk.login('GetMobile', 'AccessToken', msisdn => ({ GetMobileResultDTO: { Mobile: msisdn } })),
    desk.login('GetPhoneWithToken', 'SpToken', msisdn => ({ Data: { Mobile: msisdn } })),
    desk.login('VerifyWithFusionAuthToken', 'VerifyToken', msisdn => ({
      Model: { PhoneNumber: msisdn, VerifyResult: 'PASS', PhoneScore: 0 },
      Success: true,
    })),
    desk.check('VerifyMobile', 'AccessCode', result => ({ GateVerifyResultDTO: result })),
    desk.check('VerifyPhoneWithToken', 'SpToken', result => ({ GateVerify: result })),
  ]
}

interface VerifyResult {
  VerifyResult: 'PASS' | 'REJECT'
  VerifyId: string
}

class Desk {
  readonly #ports: DialectPorts

  constructor(ports: DialectPorts) {
    this.#ports = ports
  }

  /** Token in, number out. */
  login(name: string, tokenField: string, envelope: (msisdn: string) => object): RpcAction {
    return {
      name,
      required: [tokenField],
      tokenField,
      run: (request, claims) => {
        const redemption = this.#redeem(request, claims, 'login')
        if (redemption.kind !== 'ok') return this.#refuse(this.#refusalCode(redemption.kind))
        const fields = { Message: 'OK', RequestId: requestId(), ...envelope(redemption.msisdn) }
        return productAnswer('OK', fields, { redeemed: true, billed: true })
      },
    }
  }

  /** Token and number in, PASS or REJECT out. */
  check(name: string, tokenField: string, envelope: (result: VerifyResult) => object): RpcAction {
    return {
      name,
      required: [tokenField, 'PhoneNumber'],
      tokenField,
      run: (request, claims) => {
        const number = text(request.params, 'PhoneNumber')
        if (!/^1\d{10}$/.test(number)) return this.#refuse('isv.MOBILE_NUMBER_ILLEGAL')
        const mismatched = claims !== undefined && this.#otherCarrier(number, claims)
        const spends = this.#ports.assume('mismatch') === 'spends-token'
        if (mismatched && !spends) return this.#refuse('isv.PARAMETERS_MISMATCH')
        const redemption = this.#redeem(request, claims, 'verify')
        if (redemption.kind !== 'ok') return this.#refuse(this.#refusalCode(redemption.kind))
        if (mismatched) return this.#refuse('isv.PARAMETERS_MISMATCH')
        const same = redemption.msisdn === number
        const result: VerifyResult = { VerifyResult: same ? 'PASS' : 'REJECT', VerifyId: String(redemption.claims.tokenIndex) }
        const fields = { Message: 'OK', RequestId: requestId(), ...envelope(result) }
        return productAnswer('OK', fields, { redeemed: same, billed: true })
      },
    }
  }

  #redeem(request: RpcRequest, claims: TokenClaims | undefined, purpose: TokenPurpose): Redemption {
    const { teller, nowMs } = this.#ports
    return teller.redeem(claims, { appIndex: request.account.appIndex, purpose, nowMs: nowMs() })
  }

  #refuse(code: string): Answer {
    const fields = { Message: MESSAGES[code] ?? '', RequestId: requestId() }
    return productAnswer(code, fields, undefined, Number(this.#ports.assume('isv-status')))
  }

  /** Known only for numbers that somebody holds; of others the cloud is taken to say REJECT. */
  #otherCarrier(number: string, claims: TokenClaims): boolean {
    const index = indexOfNumber(this.#ports.seed, number)
    return index !== undefined && this.#ports.lives.tenure(index).carrier !== claims.carrier
  }

  #refusalCode(kind: Exclude<Redemption['kind'], 'ok'>): string {
    switch (kind) {
      case 'wrong-app':
        return this.#ports.assume('foreign-token')
      case 'wrong-purpose':
        return 'isv.TOKEN_UNAUTHORIZED_USED'
      case 'unknown':
      case 'used':
        return this.#ports.assume('dead-token')
      case 'expired':
      case 'former-holder':
      case 'ported-away':
        return 'isv.TOKEN_INVALID'
      default:
        return exhaustive(kind)
    }
  }
}

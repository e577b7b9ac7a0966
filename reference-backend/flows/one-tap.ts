import { objectBody } from '../body-reader.ts'
import type { CarrierDeadline } from '../controls/carrier-deadline.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { Enter, LoginReply } from './enter.ts'
import type { CarrierRequest, TokenExchange } from './token-exchange.ts'

export interface OneTapParts {
  gate: NonceGate
  exchange: TokenExchange
  deadline: CarrierDeadline
  enter: Enter
}

/** Logs in or registers by a carrier token. Throws a Refusal for every no. */
export type OneTapFlow = (request: CarrierRequest) => Promise<LoginReply>

export function oneTapFlow({ gate, exchange, deadline, enter }: OneTapParts): OneTapFlow {
  const logIn = async (request: CarrierRequest): Promise<LoginReply> => {
    const { msisdn, route } = await exchange(gate, request)
    const { ip } = request
    return enter({ type: 'phone', identifier: msisdn, method: `one-tap:${route}`, ip, body: objectBody(request.body) })
  }
  return request => deadline.answerWithin(logIn(request))
}

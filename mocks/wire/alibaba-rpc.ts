import type { TokenClaims } from '../../src/contract/token.ts'
import type { Answer, Call, DialectPorts, Operation, Reading } from '../dialect.ts'
import { type AlibabaAccount, alibabaAccounts } from './alibaba-account.ts'
import { gatewayRefusal, productAnswer, requestId } from './alibaba-answers.ts'
import { type AlibabaCaller, alibabaCaller } from './alibaba-caller.ts'
import { RateWindows } from './rate-windows.ts'
import { SeenNonces } from './seen-nonces.ts'
import { type StringFields, text } from './string-fields.ts'

/** A call that passed the gateway: signed by this account, fresh, all required parameters there. */
export interface RpcRequest {
  account: AlibabaAccount
  params: StringFields
}

/** One API of a product. */
export interface RpcAction {
  name: string
  /** Parameters whose absence the gateway itself refuses, as `Missing` + name. */
  required: readonly string[]
  /** Parameter that carries a token of ours. */
  tokenField?: string
  run(request: RpcRequest, claims: TokenClaims | undefined): Answer
}

export interface RpcProduct {
  /** For instance `2017-05-25`. */
  version: string
  actions: readonly RpcAction[]
  /** Calls of an action per second and account before the gateway throttles; undefined = no limit. */
  limitPerSecond(action: string): number | undefined
}

/** Skew and memory of nonces: `InvalidTimeStamp.Expired` beyond it ([S20]). */
const WINDOW_MS = 15 * 60_000

/** The cloud's RPC gateway before one product: all APIs on `/`, told apart by `Action`. */
export function rpcOperation(product: RpcProduct, ports: DialectPorts): Operation {
  const accounts = new Map(alibabaAccounts(ports).map(account => [account.appId, account]))
  const gate = new Gate(product, ports)
  const actions = new Map(product.actions.map(action => [action.name, action]))
  return {
    name: 'rpc',
    path: '/',
    read: call => {
      const caller = alibabaCaller(call, accounts)
      return caller === undefined ? unreadable(call, gate) : reading(call, caller, actions.get(caller.action), gate)
    },
  }
}

function unreadable(call: Call, gate: Gate): Reading {
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => gatewayRefusal(400, 'InvalidParameter', 'The request cannot be read.', hostOf(call)),
    systemError: () => gate.systemError(),
  }
}

function reading(call: Call, caller: AlibabaCaller, action: RpcAction | undefined, gate: Gate): Reading {
  return {
    token: action?.tokenField === undefined ? '' : text(caller.params, action.tokenField),
    operation: action?.name ?? 'unknown-action',
    appId: caller.accessKeyId,
    signature: caller.signature,
    settle: claims => {
      const { account, params } = caller
      const refused = gate.refusalOf(call, caller, action)
      if (refused !== undefined) return refused
      if (action === undefined || account === undefined) throw new Error('the gate lets no such call through')
      return action.run({ account, params }, claims)
    },
    systemError: () => gate.systemError(),
    throttled: () => gate.throttled(hostOf(call), 1000),
  }
}

function hostOf(call: Call): string {
  return String(call.headers.host ?? '')
}

type Refuse = (status: number, code: string, message: string) => Answer

class Gate {
  readonly #product: RpcProduct
  readonly #ports: DialectPorts
  readonly #nonces: SeenNonces
  readonly #windows = new RateWindows()

  constructor(product: RpcProduct, ports: DialectPorts) {
    this.#product = product
    this.#ports = ports
    this.#nonces = ports.keep('nonces', new SeenNonces(() => (ports.assume('nonce-memory') === '15-minutes' ? 1 : 2) * WINDOW_MS))
  }

  /** The order is assumed: what is called, who calls, when, with which signature, again?, complete?, too often? */
  refusalOf(call: Call, caller: AlibabaCaller, action: RpcAction | undefined): Answer | undefined {
    const host = hostOf(call)
    const refuse: Refuse = (status, code, message) => gatewayRefusal(status, code, message, host)
    if (call.method !== 'POST' && call.method !== 'GET') return refuse(405, 'UnsupportedHTTPMethod', 'Use POST or GET.')
    if (action === undefined || caller.version !== this.#product.version) {
      return refuse(404, 'InvalidApi.NotFound', 'Specified api is not found, please check your url and method.')
    }
    return this.#credentialTrouble(caller, refuse) ?? this.#requestTrouble(caller, action, host, refuse)
  }

  #credentialTrouble(caller: AlibabaCaller, refuse: Refuse): Answer | undefined {
    const nowMs = this.#ports.wallMs()
    if (caller.accessKeyId === '') return refuse(400, 'MissingAccessKeyId', 'AccessKeyId is mandatory for this action.')
    if (caller.account === undefined) {
      const status = Number(this.#ports.assume('unknown-key-status'))
      return refuse(status, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.')
    }
    const trouble =
      this.#ports.assume('check-order') === 'signature-first'
        ? (this.#signatureTrouble(caller, refuse) ?? this.#timeTrouble(caller, nowMs, refuse))
        : (this.#timeTrouble(caller, nowMs, refuse) ?? this.#signatureTrouble(caller, refuse))
    if (trouble !== undefined) return trouble
    // Only a signed nonce is remembered: else a stranger could spend an honest caller's.
    return this.#nonces.isNew(`${caller.accessKeyId} ${caller.nonce}`, nowMs)
      ? undefined
      : refuse(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.')
  }

  #timeTrouble(caller: AlibabaCaller, nowMs: number, refuse: Refuse): Answer | undefined {
    if (caller.timestamp === '') return refuse(400, 'MissingTimestamp', 'Timestamp is mandatory for this action.')
    const sentMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(caller.timestamp) ? Date.parse(caller.timestamp) : Number.NaN
    if (Number.isNaN(sentMs)) return refuse(400, 'InvalidTimeStamp.Format', 'Specified time stamp is not well formatted.')
    if (Math.abs(nowMs - sentMs) > WINDOW_MS) {
      return refuse(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.')
    }
    return undefined
  }

  #signatureTrouble(caller: AlibabaCaller, refuse: Refuse): Answer | undefined {
    if (caller.nonce === '') return refuse(400, 'MissingSignatureNonce', 'SignatureNonce is mandatory for this action.')
    if (caller.unknownAlgorithm) return refuse(400, 'InvalidSignatureMethod', 'Specified signature method is not valid.')
    if (caller.signature === 'absent') return refuse(400, 'MissingSignature', 'Signature is mandatory for this action.')
    if (caller.signature === 'bad') {
      const status = Number(this.#ports.assume('bad-signature-status'))
      return refuse(status, 'SignatureDoesNotMatch', 'Specified signature is not matched with our calculation.')
    }
    return undefined
  }

  #requestTrouble(caller: AlibabaCaller, action: RpcAction, host: string, refuse: Refuse): Answer | undefined {
    const missing = action.required.find(name => text(caller.params, name) === '')
    if (missing !== undefined) return refuse(400, `Missing${missing}`, `${missing} is mandatory for this action.`)
    const limit = this.#product.limitPerSecond(action.name)
    if (limit === undefined) return undefined
    const waitMs = this.#windows.waitMs(`${caller.accessKeyId} ${action.name}`, limit, this.#ports.wallMs())
    return waitMs === 0 ? undefined : this.throttled(host, waitMs)
  }

  /** The product's list of codes is cut in the copies read; the first one is of a sister product (9.1). */
  systemError(): Answer {
    return productAnswer(this.#ports.assume('system-error'), { Message: 'system error', RequestId: requestId() })
  }

  throttled(host: string, waitMs: number): Answer {
    const told = this.#ports.assume('retry-after') === 'absent' ? undefined : waitMs
    return gatewayRefusal(400, 'Throttling.User', 'Request was denied due to user flow control.', host, told)
  }
}

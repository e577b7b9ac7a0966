import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import type { GuardCall } from '../controls/carrier-calls.ts'
import type { RequestWriter } from '../controls/carrier-request-written.ts'
import { alibabaClient, alibabaNumberCheck } from './alibaba.ts'
import type { AlibabaAccess } from './alibaba-signature.ts'
import type { CallGuardSettings } from './call-guard.ts'
import { callBudget } from './call-guard.ts'
import { type ChinaMobileAccess, chinaMobileClient } from './china-mobile.ts'
import { chinaMobileNumberCheck, type NumberCheckAccess } from './china-mobile-number-check.ts'
import { type ChinaTelecomAccess, chinaTelecomClient } from './china-telecom.ts'
import { type ChinaUnicomAccess, chinaUnicomClient } from './china-unicom.ts'
import { type ChuanglanAccess, chuanglanClient } from './chuanglan.ts'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient, NumberCheckClient, RouteId } from './exchange.ts'
import { type JiguangAccess, jiguangClient } from './jiguang.ts'
import { type MobtechAccess, mobtechClient } from './mobtech.ts'
import { openTransport, type TransportSettings } from './transport.ts'

type At<Access> = Access & { url: URL }

/** What the environment says of each route; a route left out is not offered. */
export interface CarrierSettings {
  timeoutMs: number
  /** Calls at the same time to one carrier, and logins that may wait for one. */
  maxConcurrent: number
  maxWaiting: number
  /** Over all carriers together; 0 for no bound. */
  callsPerSecond: number
  routes: RouteSettings
  numberChecks: NumberCheckSettings
}

export interface RouteSettings {
  'china-mobile'?: At<ChinaMobileAccess>
  'china-telecom'?: At<ChinaTelecomAccess>
  'china-unicom'?: At<ChinaUnicomAccess>
  alibaba?: At<AlibabaAccess>
  chuanglan?: At<ChuanglanAccess>
  jiguang?: At<JiguangAccess>
  mobtech?: At<MobtechAccess>
}

export interface NumberCheckSettings {
  'china-mobile'?: At<NumberCheckAccess>
  alibaba?: At<AlibabaAccess>
}

export type Carriers = ReadonlyMap<RouteId, CarrierClient>
export type NumberChecks = ReadonlyMap<RouteId, NumberCheckClient>

/** How calls are made; the controls are armed beforehand. */
export interface CallMeans {
  reader: AnswerReader
  writer: RequestWriter
  transport: TransportSettings
  guard: (settings: CallGuardSettings) => GuardCall
  nowMs: () => number
}

export function openCarriers(settings: CarrierSettings, means: CallMeans): { carriers: Carriers; numberChecks: NumberChecks } {
  const { maxConcurrent, maxWaiting, routes, numberChecks: checks } = settings
  const { nowMs } = means
  const takeBudget = callBudget(settings.callsPerSecond, nowMs)
  const carriers = new Map<RouteId, CarrierClient>()
  const numberChecks = new Map<RouteId, NumberCheckClient>()
  const guard = (): GuardCall => means.guard({ maxConcurrent, maxWaiting, takeBudget, nowMs })
  const at = ({ url }: { url: URL }): ClientMeans => ({ ...means, transport: openTransport(url, means.transport) })
  const add = (id: RouteId, client: CarrierClient): void => {
    const call = guard()
    carriers.set(id, { ...client, exchange: presented => call(() => client.exchange(presented)) })
  }
  const addCheck = (id: RouteId, client: NumberCheckClient): void => {
    const call = guard()
    numberChecks.set(id, { ...client, verify: (token, msisdn) => call(() => client.verify(token, msisdn)) })
  }
  if (routes['china-mobile']) add('china-mobile', chinaMobileClient(routes['china-mobile'], at(routes['china-mobile'])))
  if (routes['china-telecom']) add('china-telecom', chinaTelecomClient(routes['china-telecom'], at(routes['china-telecom'])))
  if (routes['china-unicom']) add('china-unicom', chinaUnicomClient(routes['china-unicom'], at(routes['china-unicom'])))
  if (routes.alibaba) add('alibaba', alibabaClient(routes.alibaba, at(routes.alibaba)))
  if (routes.chuanglan) add('chuanglan', chuanglanClient(routes.chuanglan, at(routes.chuanglan)))
  if (routes.jiguang) add('jiguang', jiguangClient(routes.jiguang, at(routes.jiguang)))
  if (routes.mobtech) add('mobtech', mobtechClient(routes.mobtech, at(routes.mobtech)))
  const mobile = checks['china-mobile']
  if (mobile) addCheck('china-mobile', chinaMobileNumberCheck(mobile, at(mobile)))
  if (checks.alibaba) addCheck('alibaba', alibabaNumberCheck(checks.alibaba, at(checks.alibaba)))
  return { carriers, numberChecks }
}

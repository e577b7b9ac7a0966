import { CARRIER_IDS, type CarrierId, isCarrierId } from './carriers.ts'

/**
 * Everybody outside whom a login backend calls, by the id that people type. The carriers come first, so that an ordinal in this
 * list is a carrier's own ordinal too. Append only: tokens carry the ordinal in their check word.
 */
export const PROVIDER_IDS = [
  ...CARRIER_IDS,
  'alibaba-dypns',
  'alibaba-dytns',
  'jiguang',
  'chuanglan',
  'mobtech',
  'yidun',
  'getui',
  'umeng',
  'camara',
  'sms-gateway',
  'weibo',
  'qq',
  'wechat',
  'netease',
] as const
export type ProviderId = (typeof PROVIDER_IDS)[number]

/**
 * `carrier`: serves subscribers itself. `aggregator`: exchanges tokens of all carriers. `lookup`: answers questions about a
 * number. `sms`: sends texts. `identity`: logs people in with an account of its own.
 */
export type ProviderKind = 'carrier' | 'aggregator' | 'lookup' | 'sms' | 'identity'

export const PROVIDER_KINDS: Readonly<Record<ProviderId, ProviderKind>> = {
  'china-mobile': 'carrier',
  'china-unicom': 'carrier',
  'china-telecom': 'carrier',
  'alibaba-dypns': 'aggregator',
  'alibaba-dytns': 'lookup',
  jiguang: 'aggregator',
  chuanglan: 'aggregator',
  mobtech: 'aggregator',
  yidun: 'aggregator',
  getui: 'aggregator',
  umeng: 'aggregator',
  camara: 'lookup',
  'sms-gateway': 'sms',
  weibo: 'identity',
  qq: 'identity',
  wechat: 'identity',
  netease: 'identity',
}

export function isProviderId(value: unknown): value is ProviderId {
  return (PROVIDER_IDS as readonly unknown[]).includes(value)
}

/** Position of a provider in PROVIDER_IDS. */
export function providerOrdinal(provider: ProviderId): number {
  return PROVIDER_IDS.indexOf(provider)
}

/** Those of a list that are carriers: only they have subscribers, and only they are driven by load. */
export function carriersAmong<P extends { provider: ProviderId }>(providers: readonly P[]): (P & { provider: CarrierId })[] {
  return providers.filter((one): one is P & { provider: CarrierId } => isCarrierId(one.provider))
}

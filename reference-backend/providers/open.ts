import { openTransport, type TransportSettings } from '../carriers/transport.ts'
import { address, type Environment, group } from '../environment-values.ts'
import type { ProviderId } from '../stores/accounts.ts'
import { neteaseClient } from './netease.ts'
import type { ProviderClient } from './provider.ts'
import { qqClient } from './qq.ts'
import { wechatClient } from './wechat.ts'
import { weiboClient } from './weibo.ts'

export interface ProviderAccess {
  url: URL
  appId: string
  /** WeChat only; empty elsewhere. */
  secret: string
}

/** A provider left out is not offered. */
export type ProviderSettings = Partial<Record<ProviderId, ProviderAccess>>
export type Providers = ReadonlyMap<ProviderId, ProviderClient>

/** Reads WEIBO_*, QQ_*, WECHAT_*, NETEASE_*: all of a provider's group or none. */
export function readProviders(environment: Environment): ProviderSettings {
  const weibo = group(environment, ['WEIBO_URL', 'WEIBO_APP_KEY'])
  const qq = group(environment, ['QQ_URL', 'QQ_APP_ID'])
  const wechat = group(environment, ['WECHAT_URL', 'WECHAT_APP_ID', 'WECHAT_APP_SECRET'])
  const netease = group(environment, ['NETEASE_URL', 'NETEASE_APP_KEY'])
  const at = (name: string, url: string, appId: string, secret = ''): ProviderAccess => ({
    url: address(name, url),
    appId,
    secret,
  })
  return {
    ...(weibo && { weibo: at('WEIBO_URL', weibo.WEIBO_URL, weibo.WEIBO_APP_KEY) }),
    ...(qq && { qq: at('QQ_URL', qq.QQ_URL, qq.QQ_APP_ID) }),
    ...(wechat && { wechat: at('WECHAT_URL', wechat.WECHAT_URL, wechat.WECHAT_APP_ID, wechat.WECHAT_APP_SECRET) }),
    ...(netease && { netease: at('NETEASE_URL', netease.NETEASE_URL, netease.NETEASE_APP_KEY) }),
  }
}

export function openProviders(settings: ProviderSettings, transport: TransportSettings): Providers {
  const providers = new Map<ProviderId, ProviderClient>()
  const { weibo, qq, wechat, netease } = settings
  if (weibo) providers.set('weibo', weiboClient(weibo.appId, openTransport(weibo.url, transport)))
  if (qq) providers.set('qq', qqClient(qq.appId, openTransport(qq.url, transport)))
  if (wechat) providers.set('wechat', wechatClient(wechat.appId, wechat.secret, openTransport(wechat.url, transport)))
  if (netease) providers.set('netease', neteaseClient(netease.appId, openTransport(netease.url, transport)))
  return providers
}

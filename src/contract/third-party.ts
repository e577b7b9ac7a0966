/** Identity providers whose accounts a backend may accept. */
export const IDENTITY_PROVIDER_IDS = ['weibo', 'qq', 'wechat', 'netease'] as const
export type IdentityProviderId = (typeof IDENTITY_PROVIDER_IDS)[number]

export function isIdentityProviderId(value: unknown): value is IdentityProviderId {
  return (IDENTITY_PROVIDER_IDS as readonly unknown[]).includes(value)
}

/** What a phone has after its user logged in at a provider; from POST /__onetap/third-party/credentials of the mocks. */
export interface ThirdPartyCredential {
  /** Not with WeChat's honest flow, where only the app's server has one; there it is what a thief would bring. */
  accessToken: string
  /** For the provider's code exchange; single use. */
  code: string
  /** The person as the app sees it. */
  openId: string
  /** The person over all apps of one developer (WeChat, QQ). */
  unionId?: string
}

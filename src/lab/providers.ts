import type { ProviderCredential, SmsMessage } from '../contract/attack.ts'
import type { MocksReady } from '../contract/journal.ts'
import type { ThirdPartyId } from '../contract/target.ts'
import type { ControlPlane } from './control-plane.ts'
import { NothingToAttack } from './trouble.ts'

/** What the harness sees of the mock SMS gateway and of the mock identity providers. */
export interface ProviderViews {
  /** Identity providers that are up. */
  readonly identityProviders: readonly ThirdPartyId[]
  messages(number: string): Promise<SmsMessage[]>
  credential(provider: ThirdPartyId, user: number, app: 'target' | 'foreign'): Promise<ProviderCredential>
}

const THIRD_PARTIES: readonly ThirdPartyId[] = ['weibo', 'qq', 'wechat', 'netease']

/** `sinceMs`: older messages are not ours. */
export function providerViews(control: ControlPlane, up: MocksReady['providers'], sinceMs: number): ProviderViews {
  const isUp = (id: string): boolean => up.some(({ provider }) => provider === id)
  return {
    identityProviders: THIRD_PARTIES.filter(isUp),
    async messages(number) {
      if (!isUp('sms-gateway')) throw new NothingToAttack('no mock SMS gateway is up, so no code can be read')
      const { messages } = await control.call<{ messages: SmsMessage[] }>('POST', '/__onetap/sms/query', { to: number })
      return messages.filter(({ atMs }) => atMs >= sinceMs).sort((a, b) => a.seq - b.seq)
    },
    credential: (provider, user, app) =>
      control.call<ProviderCredential>('POST', '/__onetap/third-party/credentials', { provider, user, app }),
  }
}

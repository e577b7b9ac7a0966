import type { ProviderCredential, SmsMessage } from '../contract/attack.ts'
import type { ThirdPartyId } from '../contract/target.ts'
import type { ControlPlane } from './control-plane.ts'

/** What the harness sees of the mock SMS gateway and of the mock identity providers. */
export interface ProviderViews {
  messages(number: string): Promise<SmsMessage[]>
  credential(provider: ThirdPartyId, user: number, app: 'target' | 'foreign'): Promise<ProviderCredential>
}

/** `sinceMs`: older messages are not ours. */
export function providerViews(control: ControlPlane, sinceMs: number): ProviderViews {
  return {
    async messages(number) {
      const { messages } = await control.call<{ messages: SmsMessage[] }>('POST', '/__onetap/sms/query', { to: number })
      return messages.filter(({ atMs }) => atMs >= sinceMs).sort((a, b) => a.seq - b.seq)
    },
    credential: (provider, user, app) =>
      control.call<ProviderCredential>('POST', '/__onetap/third-party/credentials', { provider, user, app }),
  }
}

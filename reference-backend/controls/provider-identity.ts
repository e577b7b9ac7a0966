import type { LoginType, ProviderId } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** What a provider's answer is taken for. */
export interface ProviderIdentity {
  /** Whether a credential was made for our app. */
  isForUs(ours: string, audience: string): boolean
  /** Who it is. */
  openIdOf(answered: string, body: Readonly<Record<string, unknown>>): string
  /** Under which type the id is kept. */
  typeOf(provider: ProviderId): LoginType
}

const sound: ProviderIdentity = {
  isForUs: (ours, audience) => audience === ours,
  openIdOf: answered => answered,
  typeOf: provider => provider,
}

export default defineControl<() => ProviderIdentity>({
  id: 'provider-identity',
  why: 'only the provider knows who a token is, and only of tokens made for this app may it be believed',
  sound: () => sound,
  flaws: {
    // The app knows its openId already and sends it along; the token is checked, whose it is is not.
    'openid-from-client': () => ({
      ...sound,
      openIdOf: (answered, body) => (typeof body.openId === 'string' && body.openId !== '' ? body.openId : answered),
    }),
    // A valid token is a valid token, whichever app its user gave it to.
    'no-provider-audience': () => ({ ...sound, isForUs: () => true }),
    // One kind of identity for all providers: ids of different providers meet.
    'identifier-no-type': () => ({ ...sound, typeOf: () => 'qq' }),
  },
})

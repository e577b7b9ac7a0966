import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import type { ProviderIdentity } from '../controls/provider-identity.ts'
import type { RefusedLogins } from '../controls/refused-logins-limited.ts'
import { PROVIDER_CREDENTIAL_SHAPE } from '../input-shapes.ts'
import type { Providers } from '../providers/open.ts'
import { malformed, notConfigured, Refusal } from '../refusal.ts'
import { isProviderId, type LoginType } from '../stores/accounts.ts'
import type { Enter, LoginReply } from './enter.ts'
import { sourceOf } from './limiter.ts'

/** Somebody a provider vouched for. */
export interface ThirdParty {
  type: LoginType
  identifier: string
  /** The provider's token. */
  credential: string
}

export interface ThirdPartyFlow {
  logIn(body: unknown, ip: string): Promise<LoginReply>
  /** Who a credential of a provider stands for. Throws a Refusal for every no. */
  identify(provider: unknown, fields: Readonly<Record<string, unknown>>, ip: string): Promise<ThirdParty>
}

export interface ThirdPartyParts {
  providers: Providers
  identity: ProviderIdentity
  enter: Enter
  /** A provider is asked for each invented token, as a carrier is. */
  refusedLogins: RefusedLogins
}

export function thirdPartyFlow({ providers, identity, enter, refusedLogins }: ThirdPartyParts): ThirdPartyFlow {
  const identify: ThirdPartyFlow['identify'] = async (provider, fields, ip) => {
    if (!isProviderId(provider)) throw malformed('BODY_MALFORMED', 'The field provider must name one of the providers.')
    const client = providers.get(provider)
    if (client === undefined) throw notConfigured()
    const name = client.takes === 'code' ? 'code' : 'accessToken'
    const credential = textOfShape(fields, name, PROVIDER_CREDENTIAL_SHAPE)
    const source = sourceOf(ip)
    await refusedLogins.before(source)
    const answer = await client.identify(credential)
    if (answer.kind === 'failed') {
      throw new Refusal(502, 'PROVIDER_UNAVAILABLE', 'The provider gave no usable answer. Try again.')
    }
    if (answer.kind === 'refused' || !identity.isForUs(client.appId, answer.audience)) {
      await refusedLogins.refused(source)
      throw new Refusal(401, 'PROVIDER_TOKEN_REFUSED', 'The provider does not vouch for this to this app.')
    }
    const identifier = identity.openIdOf(answer.openId, fields)
    return { type: identity.typeOf(provider), identifier, credential: answer.accessToken }
  }
  return {
    identify,
    logIn: async (body, ip) => {
      const fields = objectBody(body)
      const provider = ownField(fields, 'provider')
      const who = await identify(provider, fields, ip)
      return enter({ ...who, method: `third-party:${String(provider)}`, ip, body: fields })
    },
  }
}

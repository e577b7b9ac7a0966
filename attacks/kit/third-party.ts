import type { Lab, ProviderCredential } from '../../src/contract/attack.ts'
import type { ThirdPartyId, ThirdPartyLoginInput } from '../../src/contract/target.ts'
import { enter, type SignedIn } from './sign-in.ts'

/** A user of an identity provider whom nobody used before: no two phones have one index, so no two of these meet. */
export async function providerUser(lab: Lab): Promise<number> {
  return (await lab.handset()).sim.index
}

/** What the app posts of what its SDK was given. A provider that gives a code gives it for that. */
export function credentialOf(given: ProviderCredential): Pick<ThirdPartyLoginInput, 'accessToken' | 'code'> {
  const { accessToken, code } = given
  return { ...(accessToken === undefined ? {} : { accessToken }), ...(code === undefined ? {} : { code }) }
}

/** Logs in by a provider with a fresh credential of its user. */
export function thirdPartyLogin(
  lab: Lab,
  provider: ThirdPartyId,
  user: number,
  app: 'target' | 'foreign' = 'target',
): Promise<SignedIn> {
  return enter(lab, async () =>
    lab.send('thirdPartyLogin', { provider, ...credentialOf(await lab.providerCredential(provider, user, app)) }),
  )
}

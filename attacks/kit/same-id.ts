import type { Lab } from '../../src/contract/attack.ts'
import type { ThirdPartyId } from '../../src/contract/target.ts'
import { providerUser } from './third-party.ts'

/** A user at each of two providers whom both know by the same id. */
export interface Namesakes {
  here: { provider: ThirdPartyId; user: number }
  there: { provider: ThirdPartyId; user: number }
}

/**
 * Providers that number their users give the same numbers out, to different people. The mocks count upwards, so the distance
 * between two ids is the distance between their users.
 */
export async function namesakes(lab: Lab): Promise<Namesakes | undefined> {
  const user = await providerUser(lab)
  const numbered: { provider: ThirdPartyId; id: number }[] = []
  for (const provider of lab.identityProviders) {
    const { openId } = await lab.providerCredential(provider, user)
    if (/^\d{1,15}$/.test(openId)) numbered.push({ provider, id: Number(openId) })
  }
  const [higher, lower] = numbered.sort((a, b) => b.id - a.id)
  if (higher === undefined || lower === undefined) return undefined
  const there = user + (higher.id - lower.id)
  const { openId } = await lab.providerCredential(lower.provider, there)
  if (openId !== String(higher.id)) return undefined
  return { here: { provider: higher.provider, user }, there: { provider: lower.provider, user: there } }
}

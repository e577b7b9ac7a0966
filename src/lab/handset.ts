import type { Handset } from '../contract/attack.ts'
import type { CarrierId } from '../contract/carriers.ts'
import { HarnessError } from '../contract/errors.ts'
import type { HandsetSim, IssuedToken, MockProvider, MocksReady } from '../contract/journal.ts'
import type { Rng } from '../contract/rng.ts'
import type { ControlPlane } from './control-plane.ts'

/** Hands out phones with fresh numbers; carriers take turns, starting where the lab's seed says. */
export interface HandsetShop {
  fresh(carrier?: CarrierId): Promise<Handset>
  /** A phone around a SIM card that the number's life brought forth. */
  holding(sim: HandsetSim): Handset
  /** A carrier other than this one, or undefined when there is one only. */
  otherCarrier(carrier: CarrierId): CarrierId | undefined
}

export function createHandsetShop(mocks: MocksReady, control: ControlPlane, rng: Rng): HandsetShop {
  const { providers } = mocks
  let turn = rng.below(Math.max(1, providers.length))

  const holding = (sim: HandsetSim): Handset => ({
    sim,
    authorize: () => {
      const provider = providerOf(providers, sim.carrier)
      const [appId] = provider.appIds
      return control.atCarrier<IssuedToken>(provider.url, '/handset/v1/authorize', { imsi: sim.imsi, appId, purpose: 'login' })
    },
  })

  return {
    holding,
    async fresh(carrier) {
      const chosen = carrier ?? providers[turn++ % providers.length]?.carrier
      return holding(
        await control.call<HandsetSim>('POST', '/__onetap/subscribers', chosen === undefined ? {} : { carrier: chosen }),
      )
    },
    otherCarrier: carrier => {
      const others = providers.filter(provider => provider.carrier !== carrier)
      return others[turn % Math.max(1, others.length)]?.carrier
    },
  }
}

function providerOf(providers: readonly MockProvider[], carrier: CarrierId): MockProvider {
  const provider = providers.find(candidate => candidate.carrier === carrier)
  if (provider === undefined) throw new HarnessError('MOCKS_FAILED', `No mock carrier ${carrier} is up.`)
  return provider
}

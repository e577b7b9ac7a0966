import type { Handset } from '../contract/attack.ts'
import type { CarrierId } from '../contract/carriers.ts'
import { HarnessError } from '../contract/errors.ts'
import type { HandsetSim, IssuedToken, MocksReady } from '../contract/journal.ts'
import { carriersAmong } from '../contract/providers.ts'
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
  const carriers = carriersAmong(mocks.providers)
  let turn = rng.below(Math.max(1, carriers.length))

  const holding = (sim: HandsetSim): Handset => ({
    sim,
    authorize: () => {
      const served = carrierOf(carriers, sim.carrier)
      const [appId] = served.appIds
      return control.atCarrier<IssuedToken>(served.url, '/handset/v1/authorize', { imsi: sim.imsi, appId, purpose: 'login' })
    },
  })

  return {
    holding,
    async fresh(carrier) {
      const chosen = carrier ?? carriers[turn++ % carriers.length]?.provider
      return holding(
        await control.call<HandsetSim>('POST', '/__onetap/subscribers', chosen === undefined ? {} : { carrier: chosen }),
      )
    },
    otherCarrier: carrier => {
      const others = carriers.filter(one => one.provider !== carrier)
      return others[turn % Math.max(1, others.length)]?.provider
    },
  }
}

type MockCarrier = ReturnType<typeof carriersAmong<MocksReady['providers'][number]>>[number]

function carrierOf(carriers: readonly MockCarrier[], carrier: CarrierId): MockCarrier {
  const found = carriers.find(candidate => candidate.provider === carrier)
  if (found === undefined) throw new HarnessError('MOCKS_FAILED', `No mock carrier ${carrier} is up.`)
  return found
}

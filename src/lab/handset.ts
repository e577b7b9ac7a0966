import type { Handset, TokenWish } from '../contract/attack.ts'
import type { CarrierId } from '../contract/carriers.ts'
import { HarnessError } from '../contract/errors.ts'
import type { HandsetSim, IssuedToken, MocksReady } from '../contract/journal.ts'
import { carriersAmong } from '../contract/providers.ts'
import type { Rng } from '../contract/rng.ts'
import { agedTokens } from './aged-token.ts'
import type { ControlPlane } from './control-plane.ts'
import { NothingToAttack } from './trouble.ts'

/** Hands out phones with fresh numbers; carriers take turns, starting where the lab's seed says. */
export interface HandsetShop {
  /** Throws NothingToAttack when the carrier is none of this run's. */
  fresh(carrier?: CarrierId): Promise<Handset>
  /** A phone around a SIM card that the number's life brought forth. */
  holding(sim: HandsetSim): Handset
  /** A carrier other than this one, or undefined when there is one only. */
  otherCarrier(carrier: CarrierId): CarrierId | undefined
}

export interface HandsetShopOptions {
  mocks: MocksReady
  control: ControlPlane
  rng: Rng
  /** Seed the mocks mint tokens with. */
  seed: number
  /** Epoch milliseconds. */
  now: () => number
}

export function createHandsetShop({ mocks, control, rng, seed, now }: HandsetShopOptions): HandsetShop {
  const carriers = carriersAmong(mocks.providers)
  const aged = agedTokens(seed, now)
  let turn = rng.below(Math.max(1, carriers.length))

  const holding = (sim: HandsetSim): Handset => ({
    sim,
    authorize: async (wish: TokenWish = {}) => {
      const served = carrierOf(carriers, sim.carrier)
      const appIndex = wish.app === 'foreign' ? 1 : 0
      const appId = served.appIds[appIndex]
      if (appId === undefined) throw new HarnessError('MOCKS_FAILED', `The mock carrier ${sim.carrier} has no app ${appIndex}.`)
      const purpose = wish.purpose ?? 'login'
      if (wish.ageMs !== undefined) return aged(sim, { appId, appIndex, purpose, ageMs: wish.ageMs })
      return control.atCarrier<IssuedToken>(served.url, '/handset/v1/authorize', { imsi: sim.imsi, appId, purpose })
    },
  })

  return {
    holding,
    async fresh(carrier) {
      if (carrier !== undefined && carriers.every(({ provider }) => provider !== carrier))
        throw new NothingToAttack(`the run has no mock of ${carrier}`)
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

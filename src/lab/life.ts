import { setTimeout as sleep } from 'node:timers/promises'
import type { Handset } from '../contract/attack.ts'
import type { CarrierId } from '../contract/carriers.ts'
import type { HandsetSim, LifeEventKind, RebindNotice } from '../contract/journal.ts'
import type { ControlPlane } from './control-plane.ts'
import type { HandsetShop } from './handset.ts'
import { NothingToAttack } from './trouble.ts'

/** Notices are dated in milliseconds, and a sound target cuts only what was verified before: the event must not share a millisecond with a login. */
const APART_MS = 5

/** Lets the mock move a number; returns the notice the carrier would send and the phone that now holds the number. */
export async function moveNumber(
  control: ControlPlane,
  shop: HandsetShop,
  kind: LifeEventKind,
  handset: Handset,
  toCarrier?: CarrierId,
): Promise<{ notice: RebindNotice; handset: Handset }> {
  const { msisdn, carrier } = handset.sim
  const goal = kind === 'ported' ? (toCarrier ?? shop.otherCarrier(carrier)) : undefined
  if (kind === 'ported' && goal === undefined) throw new NothingToAttack('porting needs a second carrier')
  await sleep(APART_MS)
  const body = goal === undefined ? { msisdn, kind } : { msisdn, kind, toCarrier: goal }
  const { notice, sim } = await control.call<{ notice: RebindNotice; sim: HandsetSim }>('POST', '/__onetap/life', body)
  await sleep(APART_MS)
  return { notice, handset: shop.holding(sim) }
}

import type { NoticeOrder } from '../controls/notice-order.ts'
import type { NewOwner, RebindKind } from '../controls/reissue-told-apart.ts'
import type { AccountStore } from '../stores/accounts.ts'
import type { NumberOwners } from './number-owner.ts'

/** A carrier's notice about a number, already proved to be the carrier's. */
export interface RebindNotice {
  eventId: string
  kind: RebindKind
  /** Canonical. */
  msisdn: string
  /** The carrier that serves the number from now on. */
  carrier: string
  occurredAtMs: number
  sequence: number
}

export interface RebindParts {
  accounts: AccountStore
  newOwner: NewOwner
  owners: NumberOwners
  order: NoticeOrder
  nowMs: () => number
}

/** Acts on a notice. False when it was acted on before. */
export type RebindFlow = (notice: RebindNotice) => Promise<boolean>

/**
 * Notices come late, twice and out of order. The outcome does not depend on that: a new owner cuts only what was bound before
 * the event, and of two notes about the carrier the higher sequence stays. So acting again would do no harm; the record of
 * events is kept last, and a notice whose work was interrupted is worked again when the carrier repeats it.
 */
export function rebindFlow({ accounts, newOwner, owners, order, nowMs }: RebindParts): RebindFlow {
  return async notice => {
    if (order.remembers && (await accounts.hasEvent(notice.eventId))) return false
    if (newOwner(notice.kind)) {
      const binding = await accounts.binding('phone', notice.msisdn)
      if (binding !== undefined && order.concerns(binding.verifiedAtMs, notice.occurredAtMs)) {
        await owners.part(notice.msisdn, binding)
      }
    }
    await accounts.noteCarrier({ identifier: notice.msisdn, carrier: notice.carrier, sequence: notice.sequence })
    return (await accounts.recordEvent(notice.eventId, nowMs())) || !order.remembers
  }
}

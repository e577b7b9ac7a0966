import type { OpaqueWords } from '../identity/opaque-words.ts'
import type { Memory } from '../memory.ts'
import type { DeliverySettings } from '../notices/delivery-settings.ts'
import type { NoticeSender } from '../notices/notice-sender.ts'
import { type CloudEvent, cloudEventMessage, endedEvent, swappedEvent, type TerminationReason } from './cloud-events.ts'

export interface SinkCredential {
  accessToken: string
  expiresAtMs: number
}

/** A subscription to SIM swaps of one number. */
export interface Subscription {
  id: string
  clientIndex: number
  basePath: string
  index: number
  /** Named in events; undefined for three-legged subscriptions, whose consumer may not know it. */
  phoneNumber: string | undefined
  sink: string
  credential: SinkCredential | undefined
  startsAtMs: number
  expiresAtMs: number | undefined
  maxEvents: number | undefined
  events: number
  status: 'ACTIVE' | 'EXPIRED'
}

export interface BookPorts {
  words: OpaqueWords
  notices: NoticeSender
  nowMs(): number
}

const KEPT = 10_000

/** Subscriptions of all consumers; sends their events through the mocks' notice sender. Deleted ones are forgotten. */
export class SubscriptionBook implements Memory {
  readonly #ports: BookPorts
  readonly #byId = new Map<string, Subscription>()
  #serial = 0

  constructor(ports: BookPorts) {
    this.#ports = ports
  }

  add(fields: Omit<Subscription, 'id' | 'startsAtMs' | 'events' | 'status'>): Subscription | 'exists' | 'full' {
    for (const one of this.#byId.values()) {
      const isSame = one.index === fields.index && one.sink === fields.sink && one.clientIndex === fields.clientIndex
      if (isSame && one.basePath === fields.basePath && this.#isActive(one)) return 'exists'
    }
    if (this.#byId.size >= KEPT) return 'full'
    const id = this.#ports.words.word(24, 'subscription', this.#serial++)
    const added: Subscription = { ...fields, id, startsAtMs: this.#ports.nowMs(), events: 0, status: 'ACTIVE' }
    this.#byId.set(id, added)
    return added
  }

  /** Those of one consumer at one provider. */
  of(clientIndex: number, basePath: string): Subscription[] {
    const all = [...this.#byId.values()].filter(one => one.clientIndex === clientIndex && one.basePath === basePath)
    for (const one of all) this.#isActive(one)
    return all
  }

  remove({ id }: Subscription): void {
    const found = this.#byId.get(id)
    if (found === undefined) return
    if (this.#isActive(found)) this.#end(found, 'SUBSCRIPTION_DELETED')
    this.#byId.delete(id)
  }

  /** A number has a new SIM card. */
  swapped(index: number, atMs: number): void {
    for (const one of this.#byId.values()) {
      if (one.index !== index || !this.#isActive(one)) continue
      one.events++
      this.#send(one, swappedEvent(one, `${one.id}-${one.events}`, atMs))
      if (one.maxEvents !== undefined && one.events >= one.maxEvents) this.#end(one, 'MAX_EVENTS_REACHED')
    }
  }

  snapshot(): { subscriptions: Subscription[]; serial: number } {
    return { subscriptions: [...this.#byId.values()], serial: this.#serial }
  }

  restore(kept: unknown): void {
    const { subscriptions, serial } = kept as { subscriptions: Subscription[]; serial: number }
    for (const one of subscriptions) this.#byId.set(one.id, one)
    this.#serial = Math.max(this.#serial, serial)
  }

  reset(): void {
    this.#byId.clear()
  }

  /** Ends what ran out; nobody watches the clock between events. */
  #isActive(one: Subscription): boolean {
    const nowMs = this.#ports.nowMs()
    if (one.status !== 'ACTIVE') return false
    if (one.expiresAtMs !== undefined && nowMs >= one.expiresAtMs) this.#end(one, 'SUBSCRIPTION_EXPIRED')
    else if (one.credential !== undefined && nowMs >= one.credential.expiresAtMs) this.#end(one, 'ACCESS_TOKEN_EXPIRED')
    else return true
    return false
  }

  #end(one: Subscription, reason: TerminationReason): void {
    one.status = 'EXPIRED'
    this.#send(one, endedEvent(one, `${one.id}-end`, this.#ports.nowMs(), reason))
  }

  #send({ sink, credential }: Subscription, event: CloudEvent): void {
    const { notices } = this.#ports
    const settings: DeliverySettings = { ...notices.subscriptionDelivery, url: sink }
    const message = cloudEventMessage(event, credential?.accessToken)
    notices.send({ eventId: event.id, format: 'cloud-event', settings, compose: () => message })
  }
}

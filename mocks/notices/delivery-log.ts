/** One try to deliver a notice, or the decision not to send it at all. Holds neither numbers nor secrets. */
export interface DeliveryRow {
  /** Counts from 1; goes on after a reset. */
  seq: number
  eventId: string
  format: 'rebind' | 'cloud-event'
  url: string
  /** 1 = the notice, 2 = its duplicate. */
  copy: number
  /** From 1; 0 when it was not sent. */
  attempt: number
  /** Wall clock, epoch milliseconds. */
  atMs: number
  /** `refused`: an answer that is not 2xx. `failed`: no answer. `lost`: not sent, by the settings. */
  outcome: 'delivered' | 'refused' | 'failed' | 'lost'
  httpStatus?: number
  error?: string
  /** No further try of this copy follows. */
  final: boolean
}

const KEPT = 5_000

/** The last deliveries, for whoever must tell "the target ignored it" from "it never got there". */
export class DeliveryLog {
  #seq = 0
  #rows: DeliveryRow[] = []

  add(row: Omit<DeliveryRow, 'seq'>): void {
    this.#rows.push({ seq: ++this.#seq, ...row })
    if (this.#rows.length >= 2 * KEPT) this.#rows = this.#rows.slice(-KEPT)
  }

  /** Oldest first; `oldestSeq` tells a caller what was forgotten, `nextSeq` where to go on. */
  query({ sinceSeq = 0, eventId }: { sinceSeq?: number; eventId?: string }): {
    deliveries: DeliveryRow[]
    oldestSeq: number
    nextSeq: number
  } {
    const kept = this.#rows.slice(-KEPT)
    const deliveries = kept.filter(row => row.seq >= sinceSeq && (eventId === undefined || row.eventId === eventId))
    return { deliveries, oldestSeq: kept[0]?.seq ?? this.#seq + 1, nextSeq: this.#seq + 1 }
  }

  reset(): void {
    this.#rows = []
  }
}

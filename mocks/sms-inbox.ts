import type { Memory } from './memory.ts'

/** A text message as the handset got it. */
export interface ReceivedSms {
  /** Counts from 1 over all numbers; goes on after a reset. */
  seq: number
  /** Token clock, epoch milliseconds. */
  atMs: number
  /** Eleven digits. */
  to: string
  template: string
  /** What the template was filled with, for instance `code`. */
  params: Readonly<Record<string, string>>
  /** SIM card of the phone that rang, where the sender knows subscribers. */
  imsi?: string
}

/** The last messages are kept, whoever sent them: a test reads its code here, as a person would on the phone. */
const KEPT = 20_000

export class SmsInbox implements Memory {
  #seq = 0
  #messages: ReceivedSms[] = []

  deliver(message: Omit<ReceivedSms, 'seq'>): ReceivedSms {
    const received = { ...message, seq: ++this.#seq }
    this.#messages.push(received)
    if (this.#messages.length >= 2 * KEPT) this.#messages = this.#messages.slice(-KEPT)
    return received
  }

  /** The oldest first. */
  query({ to, sinceSeq = 0 }: { to?: string; sinceSeq?: number }): ReceivedSms[] {
    return this.#messages.slice(-KEPT).filter(one => one.seq >= sinceSeq && (to === undefined || one.to === to))
  }

  snapshot(): readonly ReceivedSms[] {
    return this.#messages.slice(-KEPT)
  }

  /** The sequence goes on: whoever reads since a number must not miss what comes next. */
  restore(kept: unknown): void {
    this.#messages = [...(kept as ReceivedSms[])]
    this.#seq = Math.max(this.#seq, this.#messages.at(-1)?.seq ?? 0)
  }

  reset(): void {
    this.#messages = []
  }
}

import { defineControl } from './define.ts'

/** What a notice may still do when it arrives. */
export interface NoticeOrder {
  /** Whether a binding made at this time is older than the event, and so cut by it. */
  concerns(boundAtMs: number, occurredAtMs: number): boolean
  /** Whether a notice worked off before is left alone. */
  readonly remembers: boolean
}

const sound: NoticeOrder = {
  concerns: (boundAtMs, occurredAtMs) => boundAtMs < occurredAtMs,
  remembers: true,
}

export default defineControl<() => NoticeOrder>({
  id: 'notice-order',
  why: 'a notice that comes late or twice tells of the past, and somebody else has the number by now',
  sound: () => sound,
  flaws: {
    // Acts on each delivery as if it were news.
    'notify-not-idempotent': () => ({ concerns: () => true, remembers: false }),
    // Each notice once, but whatever is bound when it arrives is cut.
    'notify-no-order': () => ({ concerns: () => true, remembers: true }),
  },
})

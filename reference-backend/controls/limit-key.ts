import { defineControl } from './define.ts'

/** Under what a limit on an identifier is counted. */
export type LimitKey = (asSent: string, canonical: string) => string

export default defineControl<() => LimitKey>({
  id: 'limit-key',
  why: 'one number has many spellings, and each would have a budget of its own',
  sound: () => (_asSent, canonical) => canonical,
  flaws: {
    'raw-limit-key': () => asSent => asSent,
  },
})

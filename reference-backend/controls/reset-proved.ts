import { defineControl } from './define.ts'

/** Runs the proof a reset needs, or finds that it is not needed. */
export type ProveReset = (body: Readonly<Record<string, unknown>>, prove: () => Promise<void>) => Promise<void>

export default defineControl<() => ProveReset>({
  id: 'reset-proved',
  why: 'which step of a flow was done is what the server remembers, not what the client says',
  sound: () => (_body, prove) => prove(),
  flaws: {
    // The code was checked on the page before; the page says so.
    'client-step-state': () => async (body, prove) => {
      if (body.codeVerified !== true) await prove()
    },
  },
})

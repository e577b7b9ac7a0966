import { defineControl } from './define.ts'

/** Runs the check that whoever holds a session is still its owner. */
export type RequireReauth = (check: () => Promise<void>) => Promise<void>

export default defineControl<() => RequireReauth>({
  id: 'reauth-required',
  why: 'a borrowed phone or a stolen session must not be enough to take the account for good',
  sound: () => check => check(),
  flaws: {
    // Logged in is logged in.
    'no-reauth': () => async () => {},
  },
})

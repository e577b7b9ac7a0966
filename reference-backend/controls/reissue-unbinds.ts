import { defineControl } from './define.ts'

/** The two halves of parting a number from an account. */
export interface Parting {
  /** Ends each session the number's identity row was used to obtain, those being issued right now included. */
  cutSessions(identityId: string): Promise<void>
  /** Removes the identity row; the account and its data stay. */
  unbind(identityId: string): Promise<void>
}

export type Part = (identityId: string) => Promise<void>

export default defineControl<(steps: Parting) => Part>({
  id: 'reissue-unbinds',
  why: 'the next owner of a number must not find the former owner’s account behind it',
  // Sessions first: if the process dies in between, the notice is repeated and still finds the row.
  sound: steps => async identityId => {
    await steps.cutSessions(identityId)
    await steps.unbind(identityId)
  },
  flaws: {
    // The webhook answers 200 so that the carrier stops repeating; the handler was never written.
    ignored: () => async () => {},
    // The row goes, but whoever is logged in stays logged in.
    'keeps-sessions': steps => identityId => steps.unbind(identityId),
  },
})

import { defineControl } from './define.ts'

/** Picks the value of an opaque token. `proposed` is what the client sent along with the login. */
export type ChooseCredential = (proposed: unknown) => string

export default defineControl<(random: () => string) => ChooseCredential>({
  id: 'session-id-fresh',
  why: 'a session id known before the login is known to whoever planted it',
  sound: random => () => random(),
  flaws: {
    // "Keep the session the visitor already has": whoever gave the visitor that value has it too.
    'accept-client-sid': random => proposed =>
      typeof proposed === 'string' && /^[A-Za-z0-9_-]{43}$/.test(proposed) ? proposed : random(),
  },
})

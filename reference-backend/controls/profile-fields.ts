import type { LoginType } from '../stores/accounts.ts'
import { isLoginType } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** Identities that a change of profile writes along with it. */
export type NestedIdentities = (body: Readonly<Record<string, unknown>>) => readonly { type: LoginType; identifier: string }[]

export default defineControl<() => NestedIdentities>({
  id: 'profile-fields',
  why: 'a form writes the fields it shows, not every field somebody puts into the request',
  sound: () => () => [],
  flaws: {
    // The body goes to the mapper as it is, and the mapper saves related rows too.
    'mass-assign': () => body =>
      Object.entries(body).flatMap(([type, identifier]) =>
        isLoginType(type) && typeof identifier === 'string' ? [{ type, identifier }] : [],
      ),
  },
})

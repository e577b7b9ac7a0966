import { defineControl } from './define.ts'

/** Whether an account may look at another by its id. */
export type MayLook = (own: string, asked: string) => boolean

export default defineControl<() => MayLook>({
  id: 'owner-checked',
  why: 'an id is no secret, so knowing one must open nothing',
  sound: () => (own, asked) => own === asked,
  flaws: {
    // There is a session, and there is such an account.
    'no-owner-check': () => () => true,
  },
})

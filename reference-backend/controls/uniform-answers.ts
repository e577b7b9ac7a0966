import { Refusal } from '../refusal.ts'
import { defineControl } from './define.ts'

/** How a password login answers when there is nobody to log in. */
export interface UniformAnswers {
  /** Whether the password is worked on although there is no hash to compare it with. */
  readonly worksForNobody: boolean
  /** `known`: the identifier has an account. */
  refusal(known: boolean): Refusal
}

const sound: UniformAnswers = {
  worksForNobody: true,
  refusal: () => new Refusal(401, 'LOGIN_FAILED', 'Identifier or password are wrong.'),
}

export default defineControl<() => UniformAnswers>({
  id: 'uniform-answers',
  why: 'whether somebody has an account here is nobody else’s business',
  sound: () => sound,
  flaws: {
    // Friendly: the user should know which of the two was wrong.
    'enum-message': () => ({
      ...sound,
      refusal: known => (known ? sound.refusal(true) : new Refusal(404, 'ACCOUNT_UNKNOWN', 'There is no such account.')),
    }),
    // Nothing found, nothing to compare: the answer comes fifty milliseconds earlier.
    'enum-early-exit': () => ({ ...sound, worksForNobody: false }),
  },
})

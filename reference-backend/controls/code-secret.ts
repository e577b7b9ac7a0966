import { defineControl } from './define.ts'

/** What the reply to a request for a code says about the code. */
export type TellCode = (code: string) => Record<string, string>

export default defineControl<() => TellCode>({
  id: 'code-secret',
  why: 'a code proves that a phone was at hand only if it was nowhere else to be read',
  sound: () => () => ({}),
  flaws: {
    // For the testers, who have no phone for each number.
    'otp-echo': () => code => ({ debugCode: code }),
  },
})

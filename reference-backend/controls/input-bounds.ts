import { EMAIL_SHAPE, PASSWORD_LENGTH } from '../input-shapes.ts'
import { defineControl } from './define.ts'

export interface InputBounds {
  /** Longest request body, bytes. The longest honest one is below 2 KiB. */
  bodyLimitBytes: number
  /** Longest answer of a carrier or provider, bytes. */
  replyLimitBytes: number
  /** What an e-mail address looks like, before anything is made of it. */
  email: RegExp
  /** Longest password, characters. */
  maxPasswordLength: number
}

const sound: InputBounds = {
  bodyLimitBytes: 16 * 1024,
  replyLimitBytes: 64 * 1024,
  email: EMAIL_SHAPE,
  maxPasswordLength: PASSWORD_LENGTH.most,
}

export default defineControl<() => InputBounds>({
  id: 'input-bounds',
  why: 'one request must not be able to ask for a second of work or a gigabyte of memory',
  sound: () => sound,
  flaws: {
    'no-size-limit': () => ({ ...sound, bodyLimitBytes: 1024 * 1024 * 1024, replyLimitBytes: Number.POSITIVE_INFINITY }),
    // A pattern from the web that backtracks for ever on a long run of letters, and passwords of any length.
    'costly-validator': () => ({
      ...sound,
      email: /^([a-zA-Z0-9]+[._+-]?)+@([a-zA-Z0-9]+[.-]?)+$/,
      maxPasswordLength: Number.POSITIVE_INFINITY,
    }),
  },
})

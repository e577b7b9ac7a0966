import { maskMsisdn } from '../msisdn.ts'
import { defineControl } from './define.ts'

/** A number as clients see it. `place`: where it is shown. */
export type MaskNumber = (msisdn: string, place: 'identities' | 'profile') => string

export default defineControl<() => MaskNumber>({
  id: 'number-masked',
  why: 'a number is the same in every app, so whoever sees it can follow a person through all of them',
  sound: () => maskMsisdn,
  flaws: {
    // The app masks it for display.
    'full-number-out': () => msisdn => msisdn,
    // Each page hides another part, and together they hide one digit.
    'thin-mask': () => (msisdn, place) =>
      place === 'profile' ? `${msisdn.slice(0, 3)}****${msisdn.slice(-4)}` : `${msisdn.slice(0, 6)}****${msisdn.slice(-1)}`,
  },
})

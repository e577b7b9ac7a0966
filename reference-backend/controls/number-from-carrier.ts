import { canonicalMsisdn } from '../msisdn.ts'
import { defineControl } from './define.ts'

/** The number a login is for. */
export type NumberFrom = (carrier: string, body: Readonly<Record<string, unknown>>) => string

export default defineControl<() => NumberFrom>({
  id: 'number-from-carrier',
  why: 'the number is the one thing the client must not be asked for',
  sound: () => carrier => carrier,
  flaws: {
    // Old app versions sent the number along, and the field still wins.
    'body-number-wins': () => (carrier, body) =>
      ['phone', 'mobile', 'msisdn', 'number'].map(name => canonicalMsisdn(body[name])).find(value => value !== undefined) ??
      carrier,
  },
})

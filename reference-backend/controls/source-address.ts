import { defineControl } from './define.ts'

/** Where a request comes from, for limits and logs. `peer`: the connection's other end, or what a trusted proxy says of it. */
export type SourceAddress = (peer: string, headers: Readonly<Record<string, string | string[] | undefined>>) => string

export default defineControl<() => SourceAddress>({
  id: 'source-address',
  why: 'a limit on a source is none if the source says who it is',
  sound: () => peer => peer,
  flaws: {
    // Works behind the proxy, and so it is done everywhere.
    'trust-xff': () => (peer, headers) => {
      const forwarded = headers['x-forwarded-for']
      const first = (typeof forwarded === 'string' ? forwarded : forwarded?.[0])?.split(',')[0]?.trim()
      return first === undefined || first === '' ? peer : first
    },
  },
})

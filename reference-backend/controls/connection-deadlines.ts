import { defineControl } from './define.ts'

/** How long a connection may take, milliseconds; 0 for as long as it likes. */
export interface ConnectionDeadlines {
  /** From the first byte of a request to its last. */
  requestTimeoutMs: number
  headersTimeoutMs: number
  keepAliveTimeoutMs: number
  /** How often connections are looked after: a deadline is kept no more exactly than that. */
  checkEveryMs: number
}

export default defineControl<() => ConnectionDeadlines>({
  id: 'connection-deadlines',
  why: 'a connection that never finishes its sentence costs a place, and there are only so many',
  // The longest honest login is below 2 KiB: ten seconds are enough for the worst of networks.
  // keep-alive as Fastify has it: longer than any load balancer's, so that the other end closes first.
  sound: () => ({ requestTimeoutMs: 10_000, headersTimeoutMs: 5_000, keepAliveTimeoutMs: 72_000, checkEveryMs: 1_000 }),
  flaws: {
    'no-conn-deadline': () => ({ requestTimeoutMs: 0, headersTimeoutMs: 0, keepAliveTimeoutMs: 0, checkEveryMs: 1_000 }),
  },
})

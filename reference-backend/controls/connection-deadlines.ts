import { defineControl } from './define.ts'

/** How long a connection may take, milliseconds; 0 for as long as it likes. */
export interface ConnectionDeadlines {
  /** From the first byte of a request to its last. */
  requestTimeoutMs: number
  headersTimeoutMs: number
  keepAliveTimeoutMs: number
}

export default defineControl<() => ConnectionDeadlines>({
  id: 'connection-deadlines',
  why: 'a connection that never finishes its sentence costs a place, and there are only so many',
  // keep-alive as Fastify has it: longer than any load balancer's, so that the other end closes first.
  sound: () => ({ requestTimeoutMs: 30_000, headersTimeoutMs: 15_000, keepAliveTimeoutMs: 72_000 }),
  flaws: {
    'no-conn-deadline': () => ({ requestTimeoutMs: 0, headersTimeoutMs: 0, keepAliveTimeoutMs: 0 }),
  },
})

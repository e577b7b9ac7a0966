import { defineTarget } from '../../contract/target.ts'

/** How the calibration server is spoken to: one login, granted by any 200. */
export default defineTarget({
  name: 'calibration',
  operations: {
    oneTap: {
      method: 'POST',
      path: '/login',
      headers: { 'Content-Type': 'application/json' },
      body: ({ token }) => JSON.stringify({ token }),
      read: reply => (reply.status === 200 ? { kind: 'granted' } : { kind: 'failed', reason: `HTTP ${reply.status}` }),
    },
  },
})

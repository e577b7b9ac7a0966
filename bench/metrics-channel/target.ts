import { defineTarget, jsonBody, textField } from '../../src/contract/target.ts'

/** The least a login backend can be: one operation. */
export default defineTarget({
  name: 'bench',
  operations: {
    oneTap: {
      method: 'POST',
      path: '/login',
      headers: { 'Content-Type': 'application/json' },
      body: input => JSON.stringify(input),
      read: reply => {
        const credential = textField(jsonBody(reply), 'credential')
        return credential === undefined ? { kind: 'failed', reason: `status ${reply.status}` } : { kind: 'granted', credential }
      },
    },
  },
})

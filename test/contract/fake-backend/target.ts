import { defineTarget, jsonBody, textField } from '../../../src/contract/target.ts'

/** Target module of the in-test backend (server.ts beside). */
export default defineTarget({
  name: 'fake backend',
  operations: {
    nonce: {
      method: 'POST',
      path: '/nonce',
      read: reply => {
        const nonce = textField(jsonBody(reply), 'nonce')
        return nonce === undefined ? { kind: 'failed', reason: `status ${reply.status}` } : { kind: 'granted', nonce }
      },
    },
    oneTap: {
      method: 'POST',
      path: '/login',
      headers: { 'Content-Type': 'application/json' },
      body: (input, context) => {
        if (context.vars.breakBody === 'yes') throw new Error('a target module with a fault')
        return JSON.stringify(input)
      },
      read: reply => {
        const credential = textField(jsonBody(reply), 'credential')
        if (credential !== undefined) return { kind: 'granted', credential }
        return reply.status === 403 ? { kind: 'refused' } : { kind: 'failed', reason: `status ${reply.status}` }
      },
    },
    me: {
      method: 'GET',
      path: '/me',
      inputHeaders: input => ({ Authorization: `Bearer ${input.credential}` }),
      read: reply => {
        if (reply.status === 200) return { kind: 'granted' }
        if (reply.status === 401) return { kind: 'refused' }
        throw new Error('a reader that does not know this reply')
      },
    },
  },
})

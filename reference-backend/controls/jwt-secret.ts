import { defineControl } from './define.ts'

type Bytes = Uint8Array<ArrayBuffer>

export default defineControl<(configured: Bytes) => Bytes>({
  id: 'jwt-secret',
  why: 'a secret that can be guessed is guessed offline, from any token, without a single request',
  sound: configured => configured,
  flaws: {
    // The value of the tutorial, still there in production.
    'jwt-weak-secret': () => new Uint8Array(Buffer.from('secret')),
  },
})

import { defineAttack } from '../../src/contract/attack.ts'
import { lookalike } from '../kit/lookalike.ts'
import { judgeNonceRefused, type NonceTries, tryNonces } from '../kit/nonce-refused.ts'

/** Invented from nothing but the shape, for each login anew. */
const INVENTED = 4

export default defineAttack<NonceTries>({
  meta: {
    id: 'rp-nonce-invented',
    family: 'replay',
    title: 'Nonce that the server never made',
    about:
      'Posts genuine carrier tokens with invented nonces: of the right shape, and made of a genuine one by changing, turning round or doubling it. Success, or a mere carrier call, means that a nonce is looked at but not looked up.',
    severity: 'high',
    cwe: [330, 345],
    asvs: ['6.7.2', '2.3.1'],
    api2023: ['API2'],
    has: 'valid tokens of an own number; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-issued=format-only'],
  },

  async observe(lab) {
    // Fetched only to learn what a nonce looks like; never sent as it is.
    const genuine = (await lab.nonce()) ?? ''
    const invented = inventions(genuine, () => lookalike(lab.rng, genuine))
    return tryNonces(
      lab,
      invented.map(([name, nonce]) => [name, () => nonce]),
      ['honest nonce', () => lab.nonce()],
    )
  },

  judge: tries => judgeNonceRefused(tries, 'with a nonce that the server never made'),
})

/** The end of a nonce is left as it is: nonces that count would otherwise lead to somebody else's, which rp-nonce-predict is for. */
function inventions(genuine: string, invent: () => string): [string, string][] {
  const middle = Math.ceil(genuine.length / 2)
  const derived: [string, string][] = [
    ['turned round', [...genuine].reverse().join('')],
    ['its halves exchanged', genuine.slice(middle) + genuine.slice(0, middle)],
    ['doubled', genuine + genuine],
    ['its first half', genuine.slice(0, middle)],
  ]
  const invented = Array.from({ length: INVENTED }, (): [string, string] => ['invented in the right shape', invent()])
  return [...invented, ...derived].filter(([, nonce]) => nonce !== genuine)
}

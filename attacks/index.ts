import type { Attack } from '../src/contract/attack.ts'
import a0 from './forged-token/ft-carrier-malformed.ts'
import a1 from './forged-token/ft-carrier-random.ts'
import a2 from './forged-token/ft-jwt-alg-none.ts'
import a3 from './forged-token/ft-jwt-signature.ts'
import a4 from './number-reuse/nr-new-owner.ts'
import a5 from './number-reuse/nr-old-session.ts'
import a6 from './number-reuse/nr-ported.ts'
import a7 from './number-reuse/nr-sim-replaced.ts'
import a8 from './replay/rp-carrier-token-serial.ts'
import a9 from './replay/rp-nonce-absent.ts'
import a10 from './replay/rp-nonce-race.ts'
import a11 from './replay/rp-nonce-serial.ts'

/** Every attack, sorted by path. */
export const attacks: readonly Attack[] = [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11]

import { exhaustive } from '../../src/contract/json.ts'
import type { Redemption } from '../teller.ts'

/** 56 characters: `STsid` + `000000` + epoch milliseconds + 32 alphanumerics ([S1]). */
const TOKEN_SHAPE = /^STsid0{6}\d{13}[0-9A-Za-z]{32}$/

export function isTokenShaped(token: string): boolean {
  return TOKEN_SHAPE.test(token)
}

/** loginTokenValidate's code: there is one for unknown, expired and used alike. */
export function chinaMobileRefusalCode(kind: Exclude<Redemption['kind'], 'ok'>): string {
  switch (kind) {
    case 'wrong-app':
      return '103133'
    case 'wrong-purpose':
      return '105018'
    case 'unknown':
    case 'expired':
    case 'used':
    case 'former-holder':
    case 'ported-away':
      return '104201'
    default:
      return exhaustive(kind)
  }
}

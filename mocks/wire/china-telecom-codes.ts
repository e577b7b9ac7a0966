import { exhaustive } from '../../src/contract/json.ts'
import type { Redemption } from '../teller.ts'

/** Result codes the mock uses, of the list in [S58]; English wording is ours. */
const MESSAGES: Record<string, string> = {
  '-10001': 'failed',
  '-10004': 'IP not valid',
  '-10008': 'over the preset threshold',
  '-10009': 'time expired',
  '-20005': 'signature illegal',
  '-20006': 'app does not exist',
  '-20102': 'encrypted parameters cannot be parsed',
  '-30001': 'timestamp illegal',
  '-99999': 'internal error',
  '51002': 'parameter empty',
  '51114': 'cannot get the number',
  '51207': 'accessCode was taken with another appid',
  '51208': 'accessCode not valid for this business',
}

export function telecomMessage(code: string): string {
  return MESSAGES[code] ?? ''
}

/** `deadToken`: the code for one that is expired, used or of nobody's, where the list names no cause. */
export function telecomRefusalCode(kind: Exclude<Redemption['kind'], 'ok'>, deadToken = '51114'): string {
  switch (kind) {
    case 'wrong-app':
      return '51207'
    case 'wrong-purpose':
      return '51208'
    case 'unknown':
    case 'expired':
    case 'used':
    case 'former-holder':
    case 'ported-away':
      return deadToken
    default:
      return exhaustive(kind)
  }
}

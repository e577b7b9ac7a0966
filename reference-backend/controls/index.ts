// One line a control, sorted by id; the file's name is the id.
import carrierTokenOnce from './carrier-token-once.ts'
import carrierTokenVerified from './carrier-token-verified.ts'
import errorBoundary from './error-boundary.ts'
import jwtSignature from './jwt-signature.ts'
import nonceIssued from './nonce-issued.ts'
import nonceSingleUse from './nonce-single-use.ts'
import reissueToldApart from './reissue-told-apart.ts'
import reissueUnbinds from './reissue-unbinds.ts'

export const controls = {
  'carrier-token-once': carrierTokenOnce,
  'carrier-token-verified': carrierTokenVerified,
  'error-boundary': errorBoundary,
  'jwt-signature': jwtSignature,
  'nonce-issued': nonceIssued,
  'nonce-single-use': nonceSingleUse,
  'reissue-told-apart': reissueToldApart,
  'reissue-unbinds': reissueUnbinds,
} as const

export type ControlId = keyof typeof controls

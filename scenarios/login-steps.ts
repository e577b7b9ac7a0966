import type { Flow, Step, TargetStep, Visit } from '../src/contract/flow.ts'
import type { NoncePurpose, OneTapInput, Reading } from '../src/contract/target.ts'

/** Pieces that several scenarios walk. Each gives the last reading, or undefined when the visit is over. */
export type Piece<Result> = Generator<Step, Result | undefined, Reading>

/** A nonce, where the target has any. Undefined: it was not granted. */
export function* freshNonce(visit: Visit, purpose?: NoncePurpose): Piece<{ nonce: string | undefined }> {
  if (!visit.has('nonce')) return { nonce: undefined }
  const reading = yield { op: 'nonce', input: purpose === undefined ? {} : { purpose } }
  return reading.kind === 'granted' ? { nonce: reading.nonce } : undefined
}

/** What stands for the reading of a nonce where the target has none. */
export const NO_NONCE: Reading & { kind: 'granted' } = { kind: 'granted' }

/** The login itself with the visit's carrier token. */
export function oneTapStep({ carrier, token, appId, authCode }: Visit, nonce: string | undefined): TargetStep {
  const input: OneTapInput = { carrier, token, appId, nonce }
  if (authCode !== undefined) input.authCode = authCode
  return { op: 'oneTap', input }
}

/**
 * Logs in with the visit's carrier token; gives the credential. The scenarios that are for load alone walk the same steps without
 * this piece: k6 pays for a generator inside a generator at each step.
 */
export function* oneTapLogin(visit: Visit): Piece<{ credential: string }> {
  const fetched = visit.has('nonce') ? yield { op: 'nonce', input: {} } : NO_NONCE
  if (fetched.kind !== 'granted') return undefined
  const login = yield oneTapStep(visit, fetched.nonce)
  return login.kind === 'granted' && login.credential !== undefined ? { credential: login.credential } : undefined
}

/** Asks whose account it is, as an app does on its first screen. */
export function* firstScreen(visit: Visit, credential: string | undefined): Flow {
  if (credential === undefined || !visit.has('me')) return
  yield { op: 'me', input: { credential } }
}

import type { Flow, Step, Visit } from '../src/contract/flow.ts'
import type { NoncePurpose, Reading } from '../src/contract/target.ts'

/** Pieces that several scenarios walk. Each gives the last reading, or undefined when the visit is over. */
export type Piece<Result> = Generator<Step, Result | undefined, Reading>

/** A nonce, where the target has any. Undefined: it was not granted. */
export function* freshNonce(visit: Visit, purpose?: NoncePurpose): Piece<{ nonce: string | undefined }> {
  if (!visit.has('nonce')) return { nonce: undefined }
  const reading = yield { op: 'nonce', input: purpose === undefined ? {} : { purpose } }
  return reading.kind === 'granted' ? { nonce: reading.nonce } : undefined
}

/** Logs in with the visit's carrier token; gives the credential. */
export function* oneTapLogin(visit: Visit): Piece<{ credential: string }> {
  const fetched = yield* freshNonce(visit)
  if (fetched === undefined) return undefined
  const { carrier, token, appId, authCode } = visit
  const common = { carrier, token, appId, nonce: fetched.nonce }
  const login = yield { op: 'oneTap', input: authCode === undefined ? common : { ...common, authCode } }
  return login.kind === 'granted' && login.credential !== undefined ? { credential: login.credential } : undefined
}

/** Asks whose account it is, as an app does on its first screen. */
export function* firstScreen(visit: Visit, credential: string | undefined): Flow {
  if (credential === undefined || !visit.has('me')) return
  yield { op: 'me', input: { credential } }
}

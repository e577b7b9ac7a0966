import type { ArmedControls } from '../controls/arm.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { ConsumeNonce } from '../controls/nonce-issued.ts'
import type { NoncePurpose } from '../controls/nonce-purpose.ts'
import type { RandomValues } from '../controls/random-values.ts'
import type { StageTimes } from '../observe/stage-times.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'

export interface IssuedNonce {
  nonce: string
  expiresInMs: number
}

export interface NonceFlow {
  issue(purpose: NoncePurpose): Promise<IssuedNonce>
  /** Guards one kind of request. */
  gate(purpose: NoncePurpose): NonceGate
}

export interface NonceParts {
  shared: EphemeralStore
  /** Memory of this process. */
  local: EphemeralStore
  random: RandomValues
  ttlMs: number
  stages: StageTimes
}

/** Makes nonces and spends them. Each is for one purpose, one use and a short life. */
export function nonceFlow(controls: ArmedControls, { shared, local, random, ttlMs, stages }: NonceParts): NonceFlow {
  const store = controls['nonce-store'](shared, local)
  const keyOf = controls['nonce-purpose']()
  const lifeMs = controls['nonce-lifetime'](ttlMs)
  const gate = (purpose: NoncePurpose): NonceGate => {
    const key = (nonce: string): string => keyOf(purpose, nonce)
    const consume: ConsumeNonce = controls['nonce-single-use'](store, key)
    const { before, after } = controls['nonce-burned-first']({
      spend: controls['nonce-issued'](consume),
      look: controls['nonce-issued'](nonce => store.hasAny([key(nonce)])),
      restore: async presented => {
        if (typeof presented === 'string') await store.put(key(presented), '1', lifeMs)
      },
    })
    return { before: stages.timed('take', before), after }
  }
  return {
    gate,
    issue: stages.timed('nonce', async (purpose: NoncePurpose) => {
      const nonce = random.nonce()
      await store.put(keyOf(purpose, nonce), '1', lifeMs)
      return { nonce, expiresInMs: ttlMs }
    }),
  }
}

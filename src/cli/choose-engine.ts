import type { Engine } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import autocannonEngine from '../engines/autocannon.ts'
import { k6Engine } from '../engines/k6.ts'
import { findK6 } from '../engines/k6-binary.ts'
import type { Observer } from '../run/observer.ts'

/**
 * k6 when it can be had; else autocannon, with what that costs said plainly. Asked for by name, a missing k6 is an error.
 * ONETAP_OFFLINE=1 keeps it from downloading or building one.
 */
export async function chooseEngine(
  wanted: 'auto' | 'k6' | 'autocannon',
  k6Path: string | undefined,
  observer: Observer,
): Promise<Engine> {
  if (wanted === 'autocannon') return autocannonEngine
  const byName = wanted === 'k6' || (k6Path ?? process.env.K6_BIN ?? '') !== ''
  try {
    const found = await findK6({
      ...(k6Path === undefined ? {} : { path: k6Path }),
      offline: process.env.ONETAP_OFFLINE === '1',
      onProgress: text => observer.phase(text),
    })
    return k6Engine({ path: found.path })
  } catch (cause) {
    if (byName || !(cause instanceof HarnessError) || cause.code !== 'ENGINE_MISSING') throw cause
    observer.note(
      `${cause.message}; using autocannon instead: a closed model, so a slow target is asked less often and queueing is not seen. A load that asks for a rate stays inconclusive; --users asks for what it can do`,
    )
    return autocannonEngine
  }
}

import type { Engine } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { EngineWish } from '../contract/plan.ts'
import autocannonEngine from '../engines/autocannon.ts'
import embeddedEngine from '../engines/embedded.ts'
import { k6Engine } from '../engines/k6.ts'
import { findK6 } from '../engines/k6-binary.ts'
import type { Observer } from '../run/observer.ts'

/**
 * k6 when it can be had; else the embedded engine, and that is said. Asked for by name, a missing k6 is an error.
 * ONETAP_OFFLINE=1 keeps it from downloading or building one.
 */
export async function chooseEngine(wanted: EngineWish, k6Path: string | undefined, observer: Observer): Promise<Engine> {
  if (wanted === 'autocannon') return autocannonEngine
  if (wanted === 'embedded') return embeddedEngine
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
    observer.note(`${cause.message}; using the embedded engine instead: the same load and figures, by undici in place of k6`)
    return embeddedEngine
  }
}

import { fileURLToPath } from 'node:url'
import { defineConfig } from '../../src/config/define-config.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The same as onetap.config.ts, and 4 ms slower. */
export default defineConfig({
  name: 'known delay, 4 ms more',
  target: {
    module: at('../../onetap.target.ts'),
    start: { command: ['node', at('../known-target/front.ts')], env: { HOLD_MS: '34' } },
  },
  mocks: { carriers: ['china-mobile'], latency: { kind: 'fixed', ms: 20 } },
  load: { engine: 'embedded', shape: { kind: 'constant', ratePerSecond: 60, durationMs: 2500 }, warmUpMs: 1000 },
  attack: null,
})

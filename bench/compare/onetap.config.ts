import { fileURLToPath } from 'node:url'
import { defineConfig } from '../../src/config/define-config.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The baseline of a comparison whose answer is known: each login is kept 30 ms longer than the backend needs. */
export default defineConfig({
  name: 'known delay',
  target: {
    module: at('../../onetap.target.ts'),
    start: { command: ['node', at('../known-target/front.ts')], env: { HOLD_MS: '30' } },
  },
  mocks: { carriers: ['china-mobile'], latency: { kind: 'fixed', ms: 20 } },
  load: { engine: 'embedded', shape: { kind: 'constant', ratePerSecond: 60, durationMs: 2500 }, warmUpMs: 1000 },
  attack: null,
})

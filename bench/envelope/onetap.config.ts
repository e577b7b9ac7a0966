import { fileURLToPath } from 'node:url'
import { defineConfig } from '../../src/config/define-config.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * A target that grants exactly 100 logins a second (bench/known-target/front.ts). With one failure in a hundred allowed the budgets hold
 * up to 101/s, and up to 101.6/s by what the bucket holds at the beginning.
 */
export default defineConfig({
  name: 'known capacity',
  target: {
    module: at('../../onetap.target.ts'),
    start: { command: ['node', at('../known-target/front.ts')], env: { LOGINS_PER_SECOND: '100' } },
  },
  mocks: { carriers: ['china-mobile'], latency: { kind: 'fixed', ms: 50 } },
  load: { engine: 'embedded', shape: { kind: 'constant', ratePerSecond: 70, durationMs: 4000 }, warmUpMs: 1000 },
  attack: null,
  budgets: [{ kind: 'error-rate', limit: 0.01, minSamples: 100 }],
})

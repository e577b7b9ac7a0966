import { fileURLToPath } from 'node:url'
import { defineConfig } from '../../src/config/define-config.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * A target of known capacity: one carrier that always takes 100 ms and a backend that asks it for ten logins at a time and turns the
 * others away at once. It can do no more than 100 logins a second, less what the backend itself takes for each: a few milliseconds.
 */
export default defineConfig({
  name: 'known capacity',
  target: {
    module: at('../../onetap.target.ts'),
    start: {
      command: ['node', '--disable-warning=ExperimentalWarning', at('../../reference-backend/main.ts')],
      env: { CARRIER_MAX_CONCURRENT: '10', CARRIER_MAX_WAITING: '3' },
    },
  },
  mocks: { carriers: ['china-mobile'], latency: { kind: 'fixed', ms: 100 } },
  load: { engine: 'k6', shape: { kind: 'constant', ratePerSecond: 60, durationMs: 6000 }, warmUpMs: 1000 },
  attack: null,
  budgets: [{ kind: 'error-rate', limit: 0.01, minSamples: 100 }],
})

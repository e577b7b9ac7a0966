import { defineConfig } from '../../src/config/define-config.ts'

// A target in another dialect than the reference backend's. In your own project the import reads `onetap`.
export default defineConfig({
  name: 'cookie shop',
  seed: 7,
  target: {
    module: './onetap.target.ts',
    start: {
      // The mocks' environment (CMCC_URL and so on), PORT and ONETAP_RUN_ID are passed in any case.
      command: ['node', 'server.ts'],
      cwd: '.',
      env: { SHOP_REBIND_KEY: '{vars.rebindKey}' },
    },
    vars: { rebindKey: '{random}' },
  },
  mocks: {
    latency: { kind: 'lognormal', medianMs: 80, p99Ms: 400 },
  },
  load: {
    scenario: 'one-tap',
    shape: { kind: 'constant-arrival-rate', ratePerSecond: 50, durationMs: 15_000 },
  },
  budgets: [
    { kind: 'latency', metric: 'backend_added', stat: 'p95', limitMs: 50, minSamples: 500 },
    { kind: 'error-rate', limit: 0.005, minSamples: 500 },
    { kind: 'attacks', family: 'forged-token', minSamples: 1 },
    { kind: 'attacks', family: 'replay', minSamples: 1 },
    { kind: 'attacks', family: 'number-reuse', minSamples: 1 },
  ],
})

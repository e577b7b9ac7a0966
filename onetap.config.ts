import { defineConfig } from './src/config/define-config.ts'

// The demo: the reference backend on embedded stores, behind three mock carriers.
export default defineConfig({
  name: 'reference backend',
  seed: 20_260_101,
  target: {
    module: './onetap.target.ts',
    start: {
      command: ['node', '--disable-warning=ExperimentalWarning', 'reference-backend/main.ts'],
      env: { REBIND_SECRET: '{vars.rebindSecret}', JWT_SECRET: '{vars.jwtSecret}' },
    },
    vars: { rebindSecret: '{random}', jwtSecret: '{random}' },
  },
  mocks: {
    providers: ['sms-gateway', 'weibo', 'qq', 'wechat', 'netease'],
    latency: { kind: 'lognormal', medianMs: 120, p99Ms: 900 },
    faults: [{ id: 'error-rate', share: 0.01, answer: 'http' }],
  },
  load: {
    scenario: 'one-tap',
    shape: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 20_000 },
  },
  budgets: [
    { kind: 'latency', metric: 'login', stat: 'p99', limitMs: 2000, minSamples: 1000 },
    { kind: 'latency', metric: 'backend_added', stat: 'p99', limitMs: 250, minSamples: 1000 },
    { kind: 'error-rate', limit: 0.005, minSamples: 1000 },
    { kind: 'attacks', family: 'forged-token', minSamples: 1 },
    { kind: 'attacks', family: 'replay', minSamples: 1 },
    { kind: 'attacks', family: 'number-reuse', minSamples: 1 },
  ],
})

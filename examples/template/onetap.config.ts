import type { OnetapConfig } from 'onetap'

/** What a run does. Everything but `target` may be left out and gets a default. Times are milliseconds. */
export default {
  name: 'my-backend',

  // Everything drawn by chance follows from it: the same seed repeats the same run.
  seed: 1,

  target: {
    module: './onetap.target.ts',

    // How to start your backend. It gets PORT (listen there), ONETAP_RUN_ID, and where the mock carriers are and which keys they
    // know: CMCC_URL, CMCC_APP_ID, CMCC_APP_SECRET, CUCC_URL, CUCC_API_KEY, CUCC_PLATFORM_PUBLIC_KEY, CUCC_PACKAGE, CTCC_URL,
    // CTCC_APP_ID, CTCC_APP_SECRET, CTCC_PRIVATE_KEY. If yours reads other names, hand them over by `env`.
    start: {
      command: ['node', 'server.js'],
      cwd: '.',
      env: {
        REBIND_SECRET: '{vars.rebindSecret}',
        // CHINA_MOBILE_BASE_URL: '{mocks.CMCC_URL}',
      },
      readyTimeoutMs: 15_000,
    },

    // Or a backend that runs already; then it must be named, so that nothing is hit by accident. Start the mocks beside it with
    // `onetap mocks`, which prints the environment it needs. Hosts beyond this machine also go into `allowedHosts`.
    // url: 'http://127.0.0.1:8080',
    // allow: ['127.0.0.1:8080'],

    // onetap asks here whether it is talking to the backend it started: answer {"runId": <ONETAP_RUN_ID>}. null = yours cannot.
    identityPath: null,

    // Values for the target module, as context.vars. {random} becomes a fresh secret per run.
    vars: { rebindSecret: '{random}' },
  },

  mocks: {
    carriers: ['china-mobile', 'china-unicom', 'china-telecom'],
    // How long the carriers take to answer under load: half of the calls faster than the median, one in a hundred slower than p99.
    latency: { kind: 'lognormal', medianMs: 120, p99Ms: 900 },
    // A share of the carriers' answers goes wrong. Known beforehand, so it is not counted against your backend.
    faults: [
      // { id: 'error-rate', share: 0.01, answer: 'http' },
      // { id: 'hang', share: 0.001, holdMs: 10_000 },
    ],
  },

  // null = no load.
  load: {
    scenario: 'one-tap',
    // Arrivals come at this rate whatever the backend does, as users do.
    shape: { kind: 'constant-arrival-rate', ratePerSecond: 50, durationMs: 20_000 },
    warmUpMs: 3000,
  },

  // null = no attacks. Ids, families or all: see `onetap list`.
  attack: { include: ['all'], exclude: [] },

  // What decides the exit code. A budget with too few samples is inconclusive, never green.
  budgets: [
    { kind: 'latency', metric: 'login', stat: 'p95', limitMs: 1000, minSamples: 500 },
    // The same less what the carrier cost: the time your backend is answerable for.
    { kind: 'latency', metric: 'backend_added', stat: 'p95', limitMs: 100, minSamples: 500 },
    { kind: 'error-rate', limit: 0.01, minSamples: 500 },
    { kind: 'attacks', family: 'forged-token', minSamples: 1 },
    { kind: 'attacks', family: 'replay', minSamples: 1 },
    { kind: 'attacks', family: 'number-reuse', minSamples: 1 },
  ],
} satisfies OnetapConfig

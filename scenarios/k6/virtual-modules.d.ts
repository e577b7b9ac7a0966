// Modules that exist only inside the bundle: esbuild resolves them (src/engines/k6-bundle.ts).

declare module 'onetap:scenario' {
  const scenario: import('../../src/contract/flow.ts').Scenario
  export default scenario
}

declare module 'onetap:target' {
  const target: import('../../src/contract/target.ts').TargetProfile
  export default target
}

declare module 'onetap:job' {
  export const job: import('../../src/contract/k6-job.ts').K6Job
  /** Quantiles of the carrier's delay, microseconds; empty when it has none. */
  export const quantilesUs: Uint32Array
}

/** k6's own; its type package leaves it to the DOM's. */
declare const console: { error(text: string): void }

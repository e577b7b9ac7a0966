import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noK6 } from '../contract/real-k6.ts'
import { readResult, runCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

/** Tried again on a machine so busy that the evidence is not valid: then there is no verdict. China Mobile answers nothing but errors from second 5 to second 10 of 20; the others are as ever. */
async function outage(name: string, patient: Record<string, string>) {
  const folder = writeConfig(
    name,
    {
      attack: null,
      mocks: {
        latency: { kind: 'fixed', ms: 20 },
        faults: [{ id: 'error-rate', share: 1, answer: 'http', providers: ['china-mobile'], fromMs: 5000, toMs: 10_000 }],
      },
      load: { engine: 'k6', shape: { kind: 'constant', ratePerSecond: 50, durationMs: 20_000 }, warmUpMs: 1000 },
      budgets: [{ kind: 'latency', metric: 'login', stat: 'p50', limitMs: 2000, minSamples: 100 }],
    },
    patient,
  )
  const end = await runCli(['load', '--out', 'run'], { cwd: folder })
  const { load, reasons } = readResult(join(folder, 'run'))
  return { end, load, reasons }
}

describe.skipIf(noK6)('one carrier down for a while', () => {
  it('leaves the others alone at a sound backend, which is back when the carrier is', {
    timeout: 120_000,
    retry: 2,
  }, async () => {
    const { load, end } = await outage('outage', {})
    expect(load?.marks).toHaveLength(1)
    expect(load?.isolation, end.stderr).toEqual([expect.objectContaining({ outcome: 'pass', carriers: ['china-mobile'] })])
    expect(load?.recovery).toEqual([expect.objectContaining({ outcome: 'pass', metastable: false })])
    expect(end.code).toBe(0)
  })

  it('reaches the others where tries again eat the calls that all carriers share', { timeout: 120_000, retry: 2 }, async () => {
    const patient = { FLAWS: 'carrier-calls=retry-unbounded', CARRIER_CALLS_PER_SECOND: '75' }
    const { load, end, reasons } = await outage('storm', patient)
    expect(load?.isolation, end.stderr).toEqual([expect.objectContaining({ outcome: 'fail' })])
    expect(load?.isolation?.[0]?.failedShare).toBeGreaterThan(0.05)
    expect(load?.attribution?.callsPerToken).toBeGreaterThan(1.03)
    expect(reasons.map(reason => reason.code)).toContain('ISOLATION')
    expect(end.code).toBe(99)
  })
})

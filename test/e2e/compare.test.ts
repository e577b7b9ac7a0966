import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OnetapConfig } from '../../src/config/schema.ts'
import { ROOT, runCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

/** The reference backend behind a front that keeps each login so much longer. */
function patientHeld(name: string, holdMs: number): string {
  const change: Partial<OnetapConfig> = {
    attack: null,
    target: {
      module: join(ROOT, 'onetap.target.ts'),
      start: { command: ['node', join(ROOT, 'bench/known-target/front.ts')], env: { HOLD_MS: String(holdMs) } },
    } as OnetapConfig['target'],
    mocks: { carriers: ['china-mobile'], latency: { kind: 'fixed', ms: 20 } },
    load: { engine: 'embedded', shape: { kind: 'constant', ratePerSecond: 20, durationMs: 1500 }, warmUpMs: 500 },
  }
  return join(writeConfig(name, change), 'onetap.config.ts')
}

/** Pairs take a minute and a half: with `npm run test:full`. The statistic itself has unit tests. */
const FULL = process.env.PROOF_FULL === '1'

describe('onetap compare', () => {
  const whenFull = FULL ? it : () => undefined
  whenFull(
    'calls a backend that keeps each login 400 ms longer worse, exit 99, and says by how much',
    {
      timeout: 400_000,
    },
    async () => {
      const before = patientHeld('before', 0)
      const after = patientHeld('after', 400)
      const { code, stdout, stderr } = await runCli(['compare', '--against', before, '-c', after, '--json'], {
        timeoutMs: 390_000,
      })
      expect(code, stderr).toBe(99)
      const { answer, metrics } = JSON.parse(stdout) as {
        answer: string
        metrics: { id: string; change: number; answer: string }[]
      }
      expect(answer).toBe('worse')
      expect(metrics.find(({ id }) => id === 'login p50')).toMatchObject({ answer: 'worse' })
      expect(metrics.find(({ id }) => id === 'login p50')?.change).toBeGreaterThan(0.5)
    },
  )

  it('of a run that is not there is a sentence, exit 2 or 3, and no bug', async () => {
    const { code, stderr } = await runCli(['compare', 'nowhere', 'nowhere-either'])
    expect([2, 3], stderr).toContain(code)
    expect(stderr).toMatch(/^error: there is no result at .*nowhere/)
  })
})

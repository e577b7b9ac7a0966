import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noK6 } from '../contract/real-k6.ts'
import { readResult, runCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

describe.skipIf(noK6)('a scenario under the real k6', () => {
  it('of the morning peak lets people in by every way it has', { timeout: 120_000 }, async () => {
    const folder = writeConfig('morning', {
      attack: null,
      mocks: { providers: ['sms-gateway', 'weibo', 'qq', 'wechat', 'netease'], latency: { kind: 'fixed', ms: 20 } },
      load: {
        engine: 'k6',
        scenario: 'morning-peak',
        shape: { kind: 'constant', ratePerSecond: 30, durationMs: 6000 },
        comers: { returningShare: 0.6, knownPeople: 20, carriers: 'market' },
        warmUpMs: 0,
      },
      budgets: [{ kind: 'error-rate', limit: 0.01, minSamples: 100 }],
    })
    const end = await runCli(['load', '--out', 'run'], { cwd: folder })
    const result = readResult(join(folder, 'run'))
    const granted = (result.load?.summaries ?? [])
      .filter(one => one.outcome === 'granted' && one.count > 0)
      .map(one => one.series)
    expect(granted, end.stderr).toEqual(
      expect.arrayContaining(['oneTap', 'smsLogin', 'passwordLogin', 'thirdPartyLogin', 'prefetchMask']),
    )
    const gate = result.gates.find(one => one.id === 'error-rate')
    expect(gate?.observed).toBe(0)
  })
})

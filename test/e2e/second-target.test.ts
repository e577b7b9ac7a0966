import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, readResult, runCli, temporaryFolder } from './command-line.ts'

describe('a target in another dialect, known only by its target module', () => {
  it('is loaded and attacked like any other: HTTP 200 with error codes, nested fields, a cookie session', async () => {
    const out = temporaryFolder('shop')
    const end = await runCli(
      [
        'run',
        '--config',
        join(ROOT, 'examples/cookie-shop/onetap.config.ts'),
        '--out',
        out,
        '--duration',
        '6s',
        '--rate',
        '60',
        '--progress',
        'plain',
      ],
      { cwd: temporaryFolder('shop-cwd') },
    )
    const result = readResult(out)
    const outcomes = Object.fromEntries(result.attacks.map(a => [a.id, a.outcome]))
    expect(outcomes, end.stdout).toMatchObject({
      'ft-carrier-malformed': 'pass',
      'ft-carrier-random': 'pass',
      // A cookie names a session and is no JWT: nothing to forge there, and that is said, not passed.
      'ft-jwt-alg-none': 'not-applicable',
      'ft-jwt-signature': 'not-applicable',
      'nr-new-owner': 'pass',
      'nr-old-session': 'pass',
      'nr-ported': 'pass',
      'nr-sim-replaced': 'pass',
      'rp-carrier-token-serial': 'pass',
      'rp-nonce-absent': 'pass',
      'rp-nonce-race': 'pass',
      'rp-nonce-serial': 'pass',
    })
    // The shop is sound: no attack may say otherwise.
    expect(result.attacks.filter(a => a.outcome === 'fail').map(a => [a.id, a.claim])).toEqual([])
    expect(result.load?.attempted).toBe(result.load?.completed)
    const granted = result.load?.summaries.find(s => s.series === 'oneTap' && s.outcome === 'granted')
    expect(granted?.count ?? 0).toBeGreaterThan(330)
    expect([0, 4], end.stdout).toContain(end.code)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { processesMentioning, readResult, runCli, temporaryFolder } from './command-line.ts'

/** The demo's backend logs nothing, uses JWTs, is one instance, lets nonces live for two minutes, and asks nobody whether a number changed hands. */
const NOTHING_TO_ATTACK = [
  'in-header-log',
  'lk-number-logs',
  'ft-session-guess',
  'rp-nonce-expired',
  'nr-notify-lost',
  'rp-nonce-two-instances',
]

/** The whole demo once more: with `npm run test:full`. For each commit bad-input.test.ts has a run without k6. */
const FULL = process.env.PROOF_FULL === '1'

describe('the demo', () => {
  const whenFull = FULL ? it : () => undefined

  it('runs mocks, load and the three attack families, exits 0 and leaves a report that opens from disk', async () => {
    const out = temporaryFolder('demo')
    const end = await runCli(['demo', '--out', out, '--duration', '8s', '--rate', '150', '--progress', 'plain'], {
      cwd: temporaryFolder('cwd'),
    })
    expect(end.code, end.stderr + end.stdout).toBe(0)

    const result = readResult(out)
    expect(result.verdict).toBe('pass')
    expect(result.ended).toBe('finished')
    expect(result.validity.outcome).toBe('pass')
    expect(result.load?.engine.id).toBe('k6')
    expect(result.load?.attempted).toBe(result.load?.completed)
    expect(result.load?.dropped).toBe(0)
    expect(result.load?.attempted).toBeGreaterThanOrEqual(1195)
    const carrierFailed = result.load?.summaries.find(s => s.series === 'oneTap' && s.outcome === 'carrier-failed')?.count ?? 0
    expect(carrierFailed).toBeGreaterThan(0)
    const families = new Set(result.attacks.map(a => a.family))
    for (const family of ['forged-token', 'replay', 'number-reuse'] as const) expect(families).toContain(family)
    // What the demo's settings leave nothing to attack for is said, and is no pass.
    const notApplicable = result.attacks.filter(a => a.outcome === 'not-applicable').map(a => a.id)
    expect(NOTHING_TO_ATTACK).toEqual(expect.arrayContaining(notApplicable))
    expect(
      result.attacks.filter(a => a.outcome !== 'pass' && a.outcome !== 'not-applicable').map(a => [a.id, a.outcome, a.claim]),
    ).toEqual([])
    expect(result.gates.every(gate => gate.outcome === 'pass')).toBe(true)

    expect(end.stdout).toContain('report.html')
    const page = readFileSync(join(out, 'report.html'), 'utf8')
    expect(page).toMatch(/default-src (?:'|&#39;)none/)
    expect(page.length).toBeLessThan(2_000_000)
    expect(existsSync(join(out, 'junit.xml'))).toBe(true)
    expect(existsSync(join(out, 'plan.json'))).toBe(true)
    expect(processesMentioning(result.id), 'processes left behind').toEqual([])
  })

  whenFull('does without k6, on the embedded engine, and that is said', async () => {
    const empty = temporaryFolder('no-k6')
    const out = temporaryFolder('demo-no-k6')
    const end = await runCli(['demo', '--out', out, '--progress', 'plain'], {
      cwd: empty,
      env: { PATH: empty, K6_BIN: '', XDG_CACHE_HOME: empty, HOME: empty, ONETAP_OFFLINE: '1' },
    })
    expect(end.code, end.stderr + end.stdout).toBe(0)
    expect(end.stderr).toContain('using the embedded engine instead')
    const result = readResult(out)
    expect(result.load?.engine).toMatchObject({ id: 'embedded', model: 'open' })
    expect(result.load?.offeredPerSecond).toBeGreaterThan(0)
  })

  it('writes no secret and no whole phone number anywhere in the run folder', async () => {
    const out = temporaryFolder('secrets')
    await runCli(['attack', 'nr-new-owner', 'ft-jwt-signature', '--out', out])
    for (const name of ['evidence.jsonl', 'result.json', 'report.html', 'junit.xml']) {
      const text = readFileSync(join(out, name), 'utf8')
      expect(text.match(/(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])/g), name).toBeNull()
      expect(text.match(/eyJ[\w-]{10,}\.[\w-]{10,}/g), name).toBeNull()
      expect(text.match(/STsid\d{19}\w{16,}/g), name).toBeNull()
    }
  })

  it('prints the result document and nothing else on standard output with --json', async () => {
    const end = await runCli(['attack', 'rp-nonce-absent', '--json'], { cwd: temporaryFolder('json'), env: {} })
    expect(end.code).toBe(2) // no config there
    const here = await runCli(['attack', 'rp-nonce-absent', '--json', '--out', temporaryFolder('json-out')])
    expect(here.code, here.stderr).toBe(0)
    expect((JSON.parse(here.stdout) as { schemaVersion: string }).schemaVersion).toBe('1.1.0')
  })

  it('judges saved evidence again to the same verdict, offline', async () => {
    const out = temporaryFolder('rejudge')
    await runCli(['attack', 'replay', '--out', out])
    const before = readFileSync(join(out, 'result.json'), 'utf8')
    const again = await runCli(['judge', out])
    expect(again.code, again.stderr).toBe(0)
    expect(readFileSync(join(out, 'result.json'), 'utf8')).toBe(before)
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, readResult, runCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

/** Each gate shown to bite, through the real CLI. */
describe('exit codes', () => {
  it('is 1 when an attack gets in, and the report names it with a line to repeat it', async () => {
    const folder = writeConfig('flawed', {}, { FLAWS: 'nonce-single-use=reusable' })
    const end = await runCli(['attack', 'rp-nonce-serial', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(1)
    const result = readResult(join(folder, 'run'))
    expect(result.attacks[0]?.outcome).toBe('fail')
    expect(result.attacks[0]?.judgement?.proof).toBeDefined()
    expect(result.attacks[0]?.reproduce).toContain('onetap attack rp-nonce-serial')
    expect(end.stdout).toContain('onetap attack rp-nonce-serial')
  })

  it('is 99 when a load budget is crossed on valid evidence', async () => {
    const folder = writeConfig(
      'slow',
      { attack: null, budgets: [{ kind: 'latency', metric: 'backend_added', stat: 'p50', limitMs: 20, minSamples: 100 }] },
      { EXTRA_DELAY_MS: '60' },
    )
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr + end.stdout).toBe(99)
    const gate = readResult(join(folder, 'run')).gates[0]
    expect(gate?.outcome).toBe('fail')
    expect(gate?.observed).toBeGreaterThan(50)
  })

  it('is 4 when there are too few samples to judge a budget', async () => {
    const folder = writeConfig('few', {
      attack: null,
      budgets: [{ kind: 'latency', metric: 'login', stat: 'p99', limitMs: 60_000, minSamples: 100_000 }],
    })
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr + end.stdout).toBe(4)
  })

  it('is 4 for a backend that refuses everyone: no attack on it has passed', async () => {
    const server = createServer((_, reply) => {
      reply.writeHead(403, { 'content-type': 'application/json' }).end('{"error":{"code":"NO"}}')
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    try {
      const folder = writeConfig('refuses', {
        target: {
          module: join(ROOT, 'onetap.target.ts'),
          url: `http://127.0.0.1:${port}`,
          allow: [`127.0.0.1:${port}`],
          vars: { rebindSecret: 'not-a-secret-at-all' },
        },
      })
      const end = await runCli(['attack', '--out', 'run'], { cwd: folder })
      expect(end.code, end.stderr + end.stdout).toBe(4)
      const outcomes = new Set(readResult(join(folder, 'run')).attacks.map(a => a.outcome))
      expect([...outcomes]).toEqual(['inconclusive'])
    } finally {
      server.close()
    }
  })

  it('is 3 for a dead target, and nothing passes', async () => {
    const folder = writeConfig('dead', {
      target: {
        module: join(ROOT, 'onetap.target.ts'),
        url: 'http://127.0.0.1:9',
        allow: ['127.0.0.1:9'],
        vars: { rebindSecret: 'x' },
      },
    })
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(3)
    expect(end.stderr + end.stdout).toContain('nothing answers at http://127.0.0.1:9')
    const result = readResult(join(folder, 'run'))
    expect(result.attacks.map(a => a.outcome)).not.toContain('pass')
    expect(result.verdict).not.toBe('pass')
  })
})

import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { processesMentioning, ROOT, readResult, runCli, startCli, temporaryFolder } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function listen(handler: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(handler)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

const LONG_LOAD = {
  shape: { kind: 'constant-arrival-rate', ratePerSecond: 40, durationMs: 30_000 },
  warmUpMs: 0,
  maxUsers: 60,
} as const

describe('bad input', () => {
  it('a mistyped key in the config names the nearest one and exits 2 with nothing started', async () => {
    const folder = temporaryFolder('typo')
    writeFileSync(join(folder, 'onetap.config.ts'), `export default { target: { modul: './x.ts', url: 'http://127.0.0.1:1' } }\n`)
    const end = await runCli(['run'], { cwd: folder })
    expect(end.code).toBe(2)
    expect(end.stderr).toContain('unknown key "target.modul"')
    expect(end.stderr).toContain('did you mean "module"?')
    expect(existsSync(join(folder, '.onetap'))).toBe(false)
  })

  it('a taken port of a mock carrier is named, exit 3', async () => {
    const port = await listen(() => {})
    const folder = writeConfig('port', { mocks: { ports: { 'china-mobile': port } } })
    const end = await runCli(['attack', 'rp-nonce-absent', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(3)
    expect(end.stderr + end.stdout).toContain(String(port))
  })

  it('a target that answers HTML where its identity is wanted is refused as a stranger, exit 3', async () => {
    const folder = writeConfig('html')
    const server = join(folder, 'html-server.mjs')
    writeFileSync(
      server,
      `import { createServer } from 'node:http'\ncreateServer((_, r) => r.writeHead(200, {'content-type':'text/html'}).end('<h1>hello</h1>')).listen(process.env.PORT, '127.0.0.1')\n`,
    )
    const config = readFileSync(join(folder, 'onetap.config.ts'), 'utf8').replace(join(ROOT, 'reference-backend/main.ts'), server)
    writeFileSync(join(folder, 'onetap.config.ts'), config)
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(3)
    expect(end.stderr + end.stdout).toContain('text/html')
  })

  it('an allowed target that answers HTML to everything is inconclusive, not passed', async () => {
    const server = createHttpServer((_, reply) =>
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>alert(1)</script></html>'),
    )
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    closers.push(() => server.close())
    const { port } = server.address() as AddressInfo
    const folder = writeConfig('html2', {
      target: {
        module: join(ROOT, 'onetap.target.ts'),
        url: `http://127.0.0.1:${port}`,
        allow: [`127.0.0.1:${port}`],
        vars: { rebindSecret: 'x' },
      },
    })
    const end = await runCli(['run', '--duration', '3s', '--out', 'run'], { cwd: folder })
    expect([3, 4]).toContain(end.code)
    expect(readResult(join(folder, 'run')).attacks.some(a => a.outcome === 'pass')).toBe(false)
  })

  it('a target that dies mid-run keeps what was measured and exits 3', async () => {
    const folder = writeConfig('dies', { load: LONG_LOAD })
    const wrapper = join(folder, 'dying.mjs')
    writeFileSync(
      wrapper,
      `setTimeout(() => process.exit(9), 7000)\nawait import(${JSON.stringify(join(ROOT, 'reference-backend/main.ts'))})\n`,
    )
    const config = readFileSync(join(folder, 'onetap.config.ts'), 'utf8').replace(
      join(ROOT, 'reference-backend/main.ts'),
      wrapper,
    )
    writeFileSync(join(folder, 'onetap.config.ts'), config)
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(3)
    const result = readResult(join(folder, 'run'))
    expect(result.trouble.map(t => t.code)).toContain('TARGET_DIED')
    expect(result.load?.attempted ?? 0).toBeGreaterThan(20)
    expect(result.attacks.map(a => a.outcome)).not.toContain('pass')
  })

  it('a k6 that does not exist is an error when asked for by name', async () => {
    const folder = writeConfig('nok6')
    const end = await runCli(['load', '--k6', join(folder, 'no-such-k6')], { cwd: folder })
    expect(end.code).toBe(3)
    expect(end.stderr).toContain('no-such-k6')
  })

  it('without any k6 a run falls back to the embedded engine, says so, and judges the rate', async () => {
    const folder = writeConfig('fallback', { attack: null, budgets: [{ kind: 'error-rate', limit: 0.05, minSamples: 50 }] })
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    const end = await runCli(['run', '--duration', '3s', '--out', 'run'], {
      cwd: folder,
      env: { PATH: empty, K6_BIN: '', XDG_CACHE_HOME: empty, HOME: empty, ONETAP_OFFLINE: '1' },
    })
    expect(end.stderr).toContain('using the embedded engine instead')
    expect(end.code, end.stdout).toBe(0)
    expect(readResult(join(folder, 'run')).load?.engine).toMatchObject({ id: 'embedded', model: 'open' })
  })

  it('a k6 that is killed leaves a partial, inconclusive result and exit 3 or 4', async () => {
    const folder = writeConfig('killed', { load: LONG_LOAD, attack: null })
    const run = startCli(['run', '--out', 'run', '--progress', 'plain'], { cwd: folder })
    await run.says('load: k6')
    await new Promise(done => setTimeout(done, 6000))
    const k6 = processesMentioning(join(folder, 'run')).find(line => /^\d+ \S*k6 run /.test(line))
    expect(k6, 'the k6 process').toBeDefined()
    process.kill(Number(k6?.split(' ')[0]), 'SIGKILL')
    const end = await run.finished
    expect([3, 4]).toContain(end.code)
    const result = readResult(join(folder, 'run'))
    expect(result.load?.end.reason).toBe('engine-died')
    expect(result.load?.attempted ?? 0).toBeGreaterThan(20)
    expect(result.verdict).not.toBe('pass')
  })

  it('a full disk ends the run with one sentence, exit 3, and no process left behind', async () => {
    const folder = writeConfig('full')
    mkdirSync(join(folder, 'run'))
    symlinkSync('/dev/full', join(folder, 'run', 'evidence.jsonl'))
    const end = await runCli(['attack', 'rp-nonce-absent', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(3)
    expect(end.stderr).toContain('the disk is full')
    expect(processesMentioning(folder)).toEqual([])
  })

  it('a run folder that may not be written is said before anything starts', async () => {
    const folder = writeConfig('readonly')
    mkdirSync(join(folder, 'ro'))
    writeFileSync(join(folder, 'ro', 'file'), '')
    chmodSync(join(folder, 'ro'), 0o500)
    const end = await runCli(['attack', '--out', 'ro/file/run'], { cwd: folder })
    expect(end.code).toBe(3)
    expect(end.stderr).toContain('run folder')
  })

  it('Ctrl-C during load writes a partial report, exits 130 and leaves no process and no port', async () => {
    const folder = writeConfig('ctrlc', { load: LONG_LOAD })
    const run = startCli(['run', '--out', 'run', '--progress', 'plain'], { cwd: folder })
    await run.says('load: k6')
    await new Promise(done => setTimeout(done, 6000))
    run.child.kill('SIGINT')
    const end = await run.finished
    expect(end.code, end.stderr).toBe(130)
    const result = readResult(join(folder, 'run'))
    expect(result.ended).toBe('interrupted')
    expect(result.verdict).not.toBe('pass')
    expect(result.load?.attempted ?? 0).toBeGreaterThan(20)
    expect(existsSync(join(folder, 'run', 'report.html'))).toBe(true)
    expect(processesMentioning(result.id), 'processes left behind').toEqual([])
    expect(processesMentioning(join(folder, 'run')), 'processes left behind').toEqual([])
    await expect(fetch(result.target.url, { signal: AbortSignal.timeout(2000) })).rejects.toThrow()
  })

  it('kill -9 of the harness leaves neither target nor mocks behind', async () => {
    const folder = writeConfig('kill9', { load: LONG_LOAD })
    const run = startCli(['run', '--out', 'run', '--progress', 'plain'], { cwd: folder })
    await run.says('load: k6')
    const { runId } = JSON.parse(readFileSync(join(folder, 'run', 'plan.json'), 'utf8')) as { runId: string }
    run.child.kill('SIGKILL')
    await run.finished
    const deadline = Date.now() + 10_000
    while (processesMentioning(runId).length > 0 && Date.now() < deadline) await new Promise(done => setTimeout(done, 200))
    expect(processesMentioning(runId)).toEqual([])
  })

  it('a target that is not this machine is refused before a byte is sent, exit 2', async () => {
    const folder = writeConfig('foreign', {
      target: {
        module: join(ROOT, 'onetap.target.ts'),
        url: 'http://192.0.2.1:8080',
        allow: ['192.0.2.1:8080'],
        vars: { rebindSecret: 'x' },
      },
    })
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(2)
    expect(end.stderr).toContain('192.0.2.1')
    expect(end.stderr).toContain('nothing was sent')
  })

  it('a target that was not started by us and is not allowed gets no connection at all', async () => {
    let connections = 0
    const port = await listen(socket => {
      connections++
      socket.destroy()
    })
    const folder = writeConfig('stranger', {
      target: { module: join(ROOT, 'onetap.target.ts'), url: `http://127.0.0.1:${port}`, vars: { rebindSecret: 'x' } },
    })
    const end = await runCli(['run', '--out', 'run'], { cwd: folder })
    expect(end.code, end.stderr).toBe(2)
    expect(connections).toBe(0)
  })
})

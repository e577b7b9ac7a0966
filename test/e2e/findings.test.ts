import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { OnetapConfig } from '../../src/config/schema.ts'
import type { Result } from '../../src/contract/result.ts'
import { parses } from '../unit/reports/run-script.ts'
import { type Finished, readResult, runCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'
import { runShell } from './shell.ts'

const FLAW = { FLAWS: 'nonce-single-use=reusable' }
const ATTACK = 'rp-nonce-serial'
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** One attack on a patient, flawed unless told. */
async function attackWith(
  attack: OnetapConfig['attack'],
  args: readonly string[] = [],
  patient: Record<string, string> = FLAW,
): Promise<Finished & { folder: string; result: Result }> {
  const folder = writeConfig('findings', { attack }, patient)
  const end = await runCli(['attack', ATTACK, '--out', 'run', ...args], { cwd: folder })
  return { ...end, folder, result: readResult(join(folder, 'run')) }
}

describe('a finding that is known', () => {
  const known = { id: ATTACK, reason: 'Waits for release 1.5.', owner: 'login team' }

  it('does not turn the run red until its day, and every report shows it with reason and end', async () => {
    const { code, stdout, stderr, folder, result } = await attackWith({ suppress: [{ ...known, until: day(2) }] })
    expect(code, stderr + stdout).toBe(0)
    expect(result.attacks[0]?.outcome).toBe('fail')
    for (const name of ['summary.txt', 'report.html', 'junit.xml', 'result.json']) {
      const text = readFileSync(join(folder, 'run', name), 'utf8')
      for (const part of [known.reason, day(2), known.owner]) expect(text, name).toContain(part)
    }
  })

  it('counts again when its day is past', async () => {
    const { code, stdout, result } = await attackWith({ suppress: [{ ...known, until: day(-2) }] })
    expect(code).toBe(1)
    expect(result.suppressions?.[0]?.state).toBe('expired')
    expect(stdout).toContain('expired, and what it covered counts again')
  })

  it('is told when nothing is found any more', async () => {
    const { code, stdout, result } = await attackWith({ suppress: [{ ...known, until: day(2) }] }, [], {})
    expect(code, stdout).toBe(0)
    expect(result.suppressions?.[0]?.state).toBe('unused')
    expect(stdout).toContain('is not used')
  })
})

describe('--fail-on', () => {
  it('above the finding’s severity tells it and exits 0; at its severity the exit code is 1', async () => {
    const [above, at] = [await attackWith({}, ['--fail-on', 'critical']), await attackWith({}, ['--fail-on', 'high'])]
    expect(above.result.attacks[0]?.severity).toBe('high')
    expect(above.code, above.stdout).toBe(0)
    expect(above.stdout).toContain('accepted risk: below the bar')
    expect(at.code, at.stdout).toBe(1)
  })
})

describe('a finding afterwards', () => {
  let folder = ''
  let finding = ''
  beforeAll(async () => {
    folder = writeConfig('replayed', {}, FLAW)
    await runCli(['attack', ATTACK], { cwd: folder })
    finding = readResult(join(folder, '.onetap/latest')).attacks[0]?.finding?.id ?? 'none'
  })

  it('is found again by its id, by the recorded seed, and `latest` goes on naming the run it came from', async () => {
    const latest = readlinkSync(join(folder, '.onetap/latest'))
    const end = await runCli(['replay', finding], { cwd: folder })
    expect(end.code, end.stderr + end.stdout).toBe(1)
    expect(end.stdout).toContain('It still gets in.')
    expect(end.stderr).not.toContain('changed since')
    expect(readlinkSync(join(folder, '.onetap/latest'))).toBe(latest)
    expect(readdirSync(join(folder, '.onetap/runs'))).toHaveLength(2)
  })

  it('is told not to get in any more when the target is mended, with what has changed', async () => {
    const mended = writeConfig('replayed')
    const end = await runCli(['replay', join(folder, '.onetap/latest'), ATTACK, '--out', 'again'], { cwd: mended })
    expect(end.code, end.stderr + end.stdout).toBe(0)
    expect(end.stdout).toContain('It does not get in any more.')
    expect(end.stderr).toContain('changed since that run: target.start')
  })

  it('has a script that sh can read, that holds nothing withheld, and whose requests curl really sends', async () => {
    const script = join(folder, '.onetap/latest/findings', `${finding}.sh`)
    const text = readFileSync(script, 'utf8')
    expect(parses(text)).toBe(true)
    expect(text).not.toMatch(/\[(?:secret|jwt|carrier-token):/)
    const seen = await requestsOf(script)
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.every(({ method }) => method === 'POST' || method === 'GET')).toBe(true)
    expect(seen.filter(({ body }) => body.includes('filled-in')).length).toBeGreaterThan(1)
  })

  it('leaves no script behind when it is none any more', async () => {
    const run = join(folder, '.onetap/latest')
    writeFileSync(join(run, 'findings', 'f-0000000000.sh'), 'stale')
    writeFileSync(join(run, 'findings', 'notes.txt'), 'kept')
    expect((await runCli(['judge', run], { cwd: folder })).code).toBe(1)
    expect(existsSync(join(run, 'findings', 'f-0000000000.sh'))).toBe(false)
    expect(readdirSync(join(run, 'findings')).sort()).toEqual([`${finding}.sh`, 'notes.txt'])
  })
})

/** Runs a script against a server that writes down what it is asked, each wanted value answered by `filled-in`. */
async function requestsOf(script: string): Promise<{ method: string; body: string }[]> {
  const seen: { method: string; body: string }[] = []
  const server = createServer(async (request, reply) => {
    seen.push({ method: request.method ?? '', body: await textOf(request) })
    reply.end('{}')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  try {
    const { port } = server.address() as AddressInfo
    const end = await runShell(script, 'filled-in\n'.repeat(40), { TARGET: `http://127.0.0.1:${port}` })
    expect(end.code, end.stderr).toBe(0)
  } finally {
    server.close()
  }
  return seen
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { eventually, isAlive } from '../world/processes.ts'
import { folderWith, neverReady, type Running, startOnetap, targetModule } from './real-binary.ts'

const started: Running[] = []
afterEach(async () => {
  for (const run of started.splice(0)) {
    run.child.kill('SIGKILL')
    await run.ended
  }
})

function attack(folder: string, node?: string): Running {
  const run = startOnetap(['attack', 'rp-nonce-absent', '--out', 'out'], folder, node)
  started.push(run)
  return run
}

/** Processes that this run started: its children and theirs. Linux only; elsewhere none are found. */
function offspring(pid: number): number[] {
  try {
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter(Boolean)
    return children.flatMap(child => [child, ...offspring(child)])
  } catch {
    return []
  }
}

function lastRecord(folder: string): { kind: string; how?: string } {
  const lines = readFileSync(join(folder, 'out', 'evidence.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
  return JSON.parse(lines.at(-1) ?? '') as { kind: string; how?: string }
}

/** A run whose mocks are up and whose target is awaited. */
async function waiting(onSigterm?: string, node?: string): Promise<{ run: Running; folder: string; pids: number[] }> {
  const folder = folderWith({ 'onetap.config.ts': neverReady(onSigterm), 'onetap.target.ts': targetModule() })
  const run = attack(folder, node)
  await run.says('• target')
  const pid = run.child.pid ?? 0
  // Mocks, leash, target.
  await eventually(() => offspring(pid).length >= (node === undefined ? 3 : 4))
  return { run, folder, pids: offspring(pid) }
}

test.each([
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
  ['SIGHUP', 143, 'terminated'],
] as const)('%s stops all, keeps the evidence, writes the report and exits %i', async (signal, code, how) => {
  const { run, folder, pids } = await waiting()
  run.child.kill(signal)
  const end = await run.ended
  expect(end.code, end.stderr).toBe(code)
  expect(lastRecord(folder)).toMatchObject({ kind: 'run-ended', how })
  expect(JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'))).toMatchObject({ ended: how, exitCode: code })
  expect(await eventually(() => !pids.some(isAlive))).toBe(true)
})

test('two signals at the same moment are one: a terminal and a launcher both pass Ctrl-C on', async () => {
  const { run, folder } = await waiting()
  run.child.kill('SIGINT')
  run.child.kill('SIGINT')
  const end = await run.ended
  expect(end.code, end.stderr).toBe(130)
  expect(existsSync(join(folder, 'out', 'report.html'))).toBe(true)
})

test('a second Ctrl-C does not wait for a target that will not stop, and says nothing of errors', async () => {
  const { run, pids } = await waiting('0')
  run.child.kill('SIGINT')
  await run.says('stopping;')
  await sleep(600)
  run.child.kill('SIGINT')
  const end = await run.ended
  expect(end.code, end.stderr).toBe(130)
  expect(end.stderr).not.toContain('error')
  expect(await eventually(() => !pids.some(isAlive))).toBe(true)
})

test('Ctrl-C while things are being loaded ends at once, with nothing written', async () => {
  const folder = folderWith({
    'onetap.config.ts': neverReady(),
    'onetap.target.ts': targetModule(`process.stderr.write('loading\\n'); await new Promise(() => setInterval(() => 0, 1000))`),
  })
  const run = attack(folder)
  await run.says('loading')
  run.child.kill('SIGINT')
  expect((await run.ended).code).toBe(130)
  expect(existsSync(join(folder, 'out'))).toBe(false)
})

test.each([
  ['an exception nobody catches', `throw new Error('boom')`],
  ['a rejection nobody handles', `Promise.reject(new Error('boom'))`],
])('%s stops all that was started and exits 70 with one line', async (_what, crash) => {
  const folder = folderWith({
    'onetap.config.ts': neverReady(),
    'onetap.target.ts': targetModule(`import { existsSync } from 'node:fs'
      const timer = setInterval(() => { if (existsSync('crash')) { clearInterval(timer); ${crash} } }, 20)`),
  })
  const run = attack(folder)
  await run.says('• target')
  await eventually(() => offspring(run.child.pid ?? 0).length >= 3)
  const pids = offspring(run.child.pid ?? 0)
  writeFileSync(join(folder, 'crash'), '')
  const end = await run.ended
  expect(end.code, end.stderr).toBe(70)
  expect(end.stderr).toContain('bug in onetap: Error: boom\n')
  expect(end.stderr).not.toMatch(/^\s+at /m)
  expect(await eventually(() => !pids.some(isAlive))).toBe(true)
})

test('a module that ends the process with 0 does not make the run green', async () => {
  const folder = folderWith({ 'onetap.config.ts': neverReady(), 'onetap.target.ts': targetModule('process.exit(0)') })
  const end = await attack(folder).ended
  expect(end.code).toBe(70)
  expect(end.stderr).toContain('before its work was done')
})

test('a module that waits for what never comes does not make the run green', async () => {
  const folder = folderWith({ 'onetap.config.ts': `await new Promise(() => {})\nexport default {}` })
  const end = await attack(folder).ended
  expect(end.code, end.stderr).toBe(70)
})

/** A Node on the path that is too old, for the launcher. */
const oldNode = (process.env.PATH ?? '')
  .split(delimiter)
  .map(folder => join(folder, 'node'))
  .find(file => {
    try {
      return (
        Number(
          execFileSync(file, ['-p', 'process.versions.node.split(".")[0]'], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }),
        ) < 22
      )
    } catch {
      return false
    }
  })

test.runIf(oldNode)('from an old Node, a signal to the launcher alone stops the run and its exit code is passed on', async () => {
  const { run, folder, pids } = await waiting(undefined, oldNode)
  run.child.kill('SIGTERM')
  expect((await run.ended).code).toBe(143)
  expect(lastRecord(folder)).toMatchObject({ how: 'terminated' })
  expect(await eventually(() => !pids.some(isAlive))).toBe(true)
})

test.runIf(oldNode)('from an old Node, kill -9 of the launcher ends the run as well, with its evidence', async () => {
  const { run, folder, pids } = await waiting(undefined, oldNode)
  run.child.kill('SIGKILL')
  expect(await eventually(() => !pids.some(isAlive))).toBe(true)
  expect(lastRecord(folder)).toMatchObject({ how: 'terminated' })
  await run.ended
})

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { type Child, startChild } from '../../../src/world/child.ts'
import { eventually, isAlive, script } from './processes.ts'

const leash = fileURLToPath(new URL('../../../src/world/leash.ts', import.meta.url))
const childModule = new URL('../../../src/world/child.ts', import.meta.url).href

const children: Child[] = []
const parents: ChildProcess[] = []
const strays: number[] = []
afterEach(async () => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL')
  for (const child of children.splice(0)) await child.stop()
  for (const pid of strays.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
})

/** A target as shells and npm start them: a process that starts another. Says both ids. */
const FAMILY = `
  import { spawn } from 'node:child_process'
  const grandchild = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  console.log(process.pid + ' ' + grandchild.pid)
  process.on('SIGINT', () => {})
  setInterval(() => {}, 1000)`

function pidsOf(line: string | undefined): [number, number] {
  const [child = 0, grandchild = 0] = (line ?? '').split(' ').map(Number)
  strays.push(child, grandchild)
  return [child, grandchild]
}

function leashed(source: string): Child {
  const child = startChild([process.execPath, leash, ...script(source)])
  children.push(child)
  return child
}

test('kill -9 of the parent ends the target and its grandchildren', async () => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startChild } = await import(${JSON.stringify(childModule)})
       const child = startChild(JSON.parse(process.argv[1]))
       console.log(child.pid + ' ' + await child.firstLine(15_000))
       setInterval(() => {}, 1000)`,
      JSON.stringify([process.execPath, leash, ...script(FAMILY)]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  parents.push(parent)
  const line = await new Promise<string>(done => parent.stdout.once('data', (chunk: Buffer) => done(String(chunk))))
  const [holder = 0, child = 0, grandchild = 0] = line.split(' ').map(Number)
  strays.push(holder, child, grandchild)
  expect([holder, child, grandchild].map(isAlive)).toEqual([true, true, true])
  parent.kill('SIGKILL')
  expect(await eventually(() => ![holder, child, grandchild].some(isAlive))).toBe(true)
})

test('stopping the leash ends the whole family, those that ignore SIGTERM too', async () => {
  const target = leashed(FAMILY)
  const [child, grandchild] = pidsOf(await target.firstLine(15_000))
  await target.stop()
  expect(await eventually(() => !isAlive(child) && !isAlive(grandchild))).toBe(true)
})

test('a target that ends takes its grandchildren along and its exit code is passed on', async () => {
  const target = leashed(FAMILY.replace(/setInterval\(\(\) => \{\}, 1000\)$/, 'setTimeout(() => process.exit(9), 100)'))
  const [, grandchild] = pidsOf(await target.firstLine(15_000))
  expect(await target.ended).toEqual({ code: 9, signal: null })
  expect(await eventually(() => !isAlive(grandchild))).toBe(true)
})

test('Ctrl-C that reaches the leash does not reach the target: the harness decides', async () => {
  const target = leashed(FAMILY)
  const [child] = pidsOf(await target.firstLine(15_000))
  process.kill(target.pid, 'SIGINT')
  // Whatever SIGINT would have done has been done by the time a second signal is answered.
  await target.stop()
  expect(await target.ended).toEqual({ code: 0, signal: null })
  expect(isAlive(child)).toBe(false)
})

test('a program that does not exist ends the leash with 127 and a sentence', async () => {
  const target = startChild([process.execPath, leash, '/no/such/program'])
  children.push(target)
  expect((await target.ended).code).toBe(127)
  expect(target.tail().join()).toContain('cannot start /no/such/program')
})

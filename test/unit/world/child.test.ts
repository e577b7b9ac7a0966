import { afterEach, expect, test } from 'vitest'
import { type Child, type ChildOptions, startChild } from '../../../src/world/child.ts'
import { eventually, isAlive, script } from './processes.ts'

const children: Child[] = []
afterEach(async () => {
  for (const child of children.splice(0)) await child.stop()
})

function start(source: string, options?: ChildOptions): Child {
  const child = startChild(script(source), options)
  children.push(child)
  return child
}

const WAIT_FOR_STDIN = 'process.stdin.on("end", () => process.exit(0)).resume();'

test('the first line of standard output is handed out; what follows is kept in the tail', async () => {
  const child = start('console.log("ready"); console.log("more"); console.error("trouble")')
  expect(await child.firstLine(15_000)).toBe('ready')
  await child.ended
  expect(child.tail().sort()).toEqual(['more', 'trouble'])
})

test('a first line without a line feed counts when the process ends', async () => {
  expect(await start('process.stdout.write("ready")').firstLine(15_000)).toBe('ready')
})

test('a process that ends without a word gives no first line', async () => {
  const child = start('process.exit(3)')
  expect(await child.firstLine(15_000)).toBeUndefined()
  expect(await child.ended).toEqual({ code: 3, signal: null })
})

test('a process that stays silent gives no first line within the time', async () => {
  expect(await start(WAIT_FOR_STDIN).firstLine(50)).toBeUndefined()
})

test('the tail is bounded in lines and in length of a line', async () => {
  const child = start('for (let i = 0; i < 500; i++) console.error(i + "x".repeat(5000))')
  await child.ended
  const tail = child.tail()
  expect(tail.length).toBeLessThanOrEqual(40)
  expect(tail.at(-1)).toMatch(/^499x/)
  expect(Math.max(...tail.map(line => line.length))).toBeLessThanOrEqual(500)
})

test('a line without end does not fill the memory', async () => {
  const child = start('for (let i = 0; i < 100; i++) process.stderr.write("y".repeat(100_000))')
  await child.ended
  expect(child.tail().join('').length).toBeLessThanOrEqual(40 * 500)
})

test('a program that does not exist ends with 127 and says which', async () => {
  const child = startChild(['/no/such/program'])
  expect(await child.ended).toEqual({ code: 127, signal: null })
  expect(child.tail().join()).toContain('/no/such/program')
  await child.stop()
})

test('stop asks by SIGTERM and waits for the end', async () => {
  const child = start('process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("ready")')
  await child.firstLine(15_000)
  await child.stop()
  expect(await child.ended).toEqual({ code: 7, signal: null })
  expect(isAlive(child.pid)).toBe(false)
})

test('stop kills what does not listen', async () => {
  const child = start('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")')
  await child.firstLine(15_000)
  await child.stop()
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' })
})

test('stop comes back although a grandchild holds the pipes', async () => {
  const child = start(`
    import { spawn } from 'node:child_process'
    const heir = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], { stdio: 'inherit', detached: true })
    console.log(heir.pid)
    setInterval(() => {}, 1000)`)
  const heir = Number(await child.firstLine(15_000))
  try {
    await child.stop()
    expect(isAlive(heir)).toBe(true)
  } finally {
    process.kill(heir, 'SIGKILL')
  }
})

test('stopping twice, or after the end, is no trouble', async () => {
  const child = start('process.exit(0)')
  await child.ended
  await Promise.all([child.stop(), child.stop()])
  expect(await child.ended).toEqual({ code: 0, signal: null })
})

test('input is written and standard input stays open until the parent goes', async () => {
  const child = start('process.stdin.on("data", d => console.log(String(d))).on("end", () => console.log("closed"))', {
    input: 'settings',
  })
  expect(await child.firstLine(15_000)).toBe('settings')
  expect(child.tail()).toEqual([])
  expect(isAlive(child.pid)).toBe(true)
})

test('environment and folder reach the child', async () => {
  const child = start('console.log(process.env.MINE + process.cwd())', { env: { MINE: 'yes ' }, cwd: '/' })
  expect(await child.firstLine(15_000)).toBe('yes /')
})

test('a child is the leader of a process group of its own, so Ctrl-C in a terminal does not reach it', async () => {
  const child = start(`${WAIT_FOR_STDIN} console.log("ready")`)
  await child.firstLine(15_000)
  // A group of that id exists only when the child leads it.
  expect(isAlive(-child.pid)).toBe(true)
  await child.stop()
  expect(await eventually(() => !isAlive(-child.pid))).toBe(true)
})

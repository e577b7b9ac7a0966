import { expect, test } from 'vitest'
import { Shutdown } from '../../../src/world/shutdown.ts'

test('what was started last is stopped first, one after the other', async () => {
  const shutdown = new Shutdown()
  const seen: string[] = []
  for (const name of ['ledger', 'mocks', 'target']) {
    shutdown.add(name, async () => {
      seen.push(`${name} stops`)
      await new Promise(done => setImmediate(done))
      seen.push(`${name} stopped`)
    })
  }
  expect(await shutdown.run()).toEqual([])
  expect(seen).toEqual(['target stops', 'target stopped', 'mocks stops', 'mocks stopped', 'ledger stops', 'ledger stopped'])
})

test('an entry that fails is named and keeps no other from running', async () => {
  const shutdown = new Shutdown()
  const seen: string[] = []
  shutdown.add('ledger', () => void seen.push('ledger'))
  shutdown.add('mocks', () => {
    throw new Error('gone already')
  })
  shutdown.add('target', async () => {
    throw 'a text'
  })
  const errors = await shutdown.run()
  expect(seen).toEqual(['ledger'])
  expect(errors.map(error => error.message)).toEqual(['stopping target failed: a text', 'stopping mocks failed: gone already'])
})

test('a second call waits for the first and stops nothing twice', async () => {
  const shutdown = new Shutdown()
  let stops = 0
  let release = (): void => {}
  shutdown.add('target', () => {
    stops++
    return new Promise<void>(done => {
      release = done
    })
  })
  const first = shutdown.run()
  const second = shutdown.run()
  release()
  expect(await second).toEqual(await first)
  expect(stops).toBe(1)
})

test('what is added too late is stopped at once', async () => {
  const shutdown = new Shutdown()
  await shutdown.run()
  let stopped = false
  shutdown.add('mocks', () => {
    stopped = true
    throw new Error('no')
  })
  expect((await shutdown.run()).map(error => error.message)).toEqual(['stopping mocks failed: no'])
  expect(stopped).toBe(true)
})

test('what is added while the others are being stopped is stopped as well', async () => {
  const shutdown = new Shutdown()
  const seen: string[] = []
  shutdown.add('first', () => void seen.push('first'))
  shutdown.add('second', () => shutdown.add('late', () => void seen.push('late')))
  await shutdown.run()
  await shutdown.run()
  expect(seen.sort()).toEqual(['first', 'late'])
})

import { describe, expect, it } from 'vitest'
import { codeFiles, file } from './source-files.ts'
import { forbiddenTouches } from './touching-the-world.ts'

it('clocks, chance, output and the end of the process stay in their rooms', () => {
  expect(forbiddenTouches(codeFiles())).toEqual([])
})

describe('the law bites on', () => {
  const bad: [string, string][] = [
    ['src/contract/plan.ts', 'const now = Date.now()'],
    ['src/judge/judge.ts', 'const now = new Date()'],
    ['reports/html.ts', 'const x = Math.random()'],
    ['attacks/replay/rp.ts', 'const key = randomBytes(16)'],
    ['attacks/replay/rp.ts', "await fetch('http://localhost')"],
    ['attacks/replay/rp.ts', 'setTimeout(() => {}, 5)'],
    ['scenarios/one-tap.ts', 'const t = performance.now()'],
    ['scenarios/k6/driver.ts', 'const x = Math.random()'],
    ['mocks/teller.ts', 'const now = Date.now()'],
    ['src/world/target.ts', 'process.exit(3)'],
    ['src/run/run.ts', "process.stdout.write('x')"],
    ['src/lab/lab.ts', "console.log('x')"],
    ['mocks/gateway.ts', 'process.exitCode = 1'],
    ['reference-backend/app.ts', "console.error('x')"],
  ]
  it.each(bad)('%s: %s', (path, text) => {
    expect(forbiddenTouches([file(path, `${text}\n`)])).toHaveLength(1)
  })
})

describe('the law leaves alone', () => {
  const good: [string, string][] = [
    ['src/cli/main.ts', "process.exit(0); console.log('x')"],
    ['src/world/clock.ts', 'export const now = () => Date.now()'],
    ['scenarios/k6/driver.ts', 'const issued = Date.now()'],
    ['reports/html.ts', '// Date.now would make bytes differ'],
    ['reports/html.ts', 'const at = new Date(result.time.startedAt)'],
  ]
  it.each(good)('%s: %s', (path, text) => {
    expect(forbiddenTouches([file(path, `${text}\n`)])).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { borderOf } from './border-table.ts'
import { borderCrossings } from './borders.ts'
import { importsOf } from './code-text.ts'
import { codeFiles, file } from './source-files.ts'

it('no import crosses a border', () => {
  expect(borderCrossings(codeFiles())).toEqual([])
})

it('there is something in every room to check', () => {
  const seen = new Set(codeFiles().map(source => borderOf(source.path)?.covers[0]))
  const rooms = ['src/contract/', 'src/judge/', 'src/world/', 'src/lab/', 'src/engines/', 'src/run/', 'src/cli/', 'src/rooms.ts']
  for (const room of [...rooms, 'scenarios/', 'scenarios/k6/', 'attacks/', 'reports/', 'mocks/', 'reference-backend/']) {
    expect(seen, room).toContain(room)
  }
})

describe('the border law bites on', () => {
  const bad: [string, string, string][] = [
    ['contract reaching up', 'src/contract/plan.ts', "import { clock } from '../world/clock.ts'"],
    ['contract using Node', 'src/contract/plan.ts', "import { readFileSync } from 'node:fs'"],
    ['contract using a package', 'src/contract/plan.ts', "import { z } from 'zod'"],
    ['an attack reaching for the lab', 'attacks/replay/rp.ts', "import { lab } from '../../src/lab/lab.ts'"],
    ['an attack reaching for another attack', 'attacks/replay/rp.ts', "import other from '../forged-token/ft.ts'"],
    ['an attack opening a socket', 'attacks/replay/rp.ts', "import net from 'node:net'"],
    ['attack kit using an attack', 'attacks/kit/jwt.ts', "import rp from '../replay/rp.ts'"],
    ['the judge reading a file', 'src/judge/judge.ts', "import fs from 'node:fs/promises'"],
    ['the judge running something', 'src/judge/judge.ts', "import { run } from '../run/run.ts'"],
    ['a report using Node', 'reports/html.ts', "import { Buffer } from 'node:buffer'"],
    ['a report using a server', 'reports/html.ts', "import fastify from 'fastify'"],
    ['a scenario using k6', 'scenarios/one-tap.ts', "import http from 'k6/http'"],
    ['a scenario using the driver', 'scenarios/one-tap.ts', "import driver from './k6/driver.ts'"],
    ['k6 code using Node', 'scenarios/k6/driver.ts', "import fs from 'node:fs'"],
    ['a mock knowing the harness', 'mocks/main.ts', "import { start } from '../src/world/mocks.ts'"],
    ['the world knowing the lab', 'src/world/target.ts', "import { createLab } from '../lab/lab.ts'"],
    ['the lab knowing the engines', 'src/lab/lab.ts', "import { engines } from '../engines/index.ts'"],
    ['the world starting a mock in its own process', 'src/world/mocks.ts', "import { startMocks } from '../../mocks/start.ts'"],
    ['the command line going round rooms.ts', 'src/cli/main.ts', "import { attacks } from '../../attacks/index.ts'"],
    ['the run going round rooms.ts', 'src/run/run.ts', "import { reports } from '../../reports/index.ts'"],
    ['the guest knowing its host', 'reference-backend/app.ts', "import { mintToken } from '../src/contract/token.ts'"],
    ['somebody importing the guest', 'test/proof/matrix.test.ts', "import { app } from '../../reference-backend/app.ts'"],
    ['rooms.ts importing the guest', 'src/rooms.ts', "import { app } from '../reference-backend/app.ts'"],
    ['a built-in without node:', 'mocks/main.ts', "import fs from 'fs'"],
    ['a re-export', 'src/contract/plan.ts', "export * from '../run/run.ts'"],
    ['a type-only import', 'src/contract/plan.ts', "import type { Run } from '../run/run.ts'"],
    ['an import over several lines', 'src/contract/plan.ts', "import {\n  one,\n  two,\n} from '../run/run.ts'"],
    ['a bare import', 'src/contract/plan.ts', "import '../run/run.ts'"],
    ['a dynamic import', 'src/contract/plan.ts', "const run = await import('../run/run.ts')"],
    ['a room nobody planned', 'src/helpers/x.ts', ''],
  ]
  it.each(bad)('%s', (_what, path, text) => {
    expect(borderCrossings([file(path, `${text}\n`)])).toHaveLength(1)
  })
})

describe('the border law leaves alone', () => {
  const good: [string, string][] = [
    ['attacks/replay/rp.ts', "import { createHmac } from 'node:crypto'\nimport { forge } from '../kit/jwt.ts'\n"],
    ['scenarios/k6/driver.ts', "import http from 'k6/http'\nimport job from 'onetap:job'\n"],
    ['mocks/people.ts', "import { fakerZH_CN } from '@faker-js/faker'\n"],
    ['src/rooms.ts', "export { attacks } from '../attacks/index.ts'\n"],
    ['test/unit/reference-backend/app.test.ts', "import { app } from '../../../reference-backend/app.ts'\n"],
    ['src/contract/plan.ts', "/**\n * import x from '../run/run.ts'\n */\n// import x from '../run/run.ts'\n"],
  ]
  it.each(good)('%s', (path, text) => {
    expect(borderCrossings([file(path, text)])).toEqual([])
  })
})

it('an import is reported with the line of its specifier', () => {
  const text = "const a = 1\n\nimport {\n  b,\n} from './b.ts'\nexport { c } from './c.ts'\n"
  expect(importsOf(file('x.ts', text))).toEqual([
    { specifier: './b.ts', line: 5 },
    { specifier: './c.ts', line: 6 },
  ])
})

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import html from '../../reports/html.ts'
import json from '../../reports/json.ts'
import type { Result } from '../../src/contract/result.ts'
import { samples } from '../golden/samples.ts'
import { chromiumPath, startChromium } from './chromium.ts'
import { type Running, runCli, startCli, temporaryFolder } from './command-line.ts'
import { hostileResult } from './hostile-result.ts'
import { ask, BARRIERS, LINKS, OPEN_DETAILS, SIDEWAYS } from './page-questions.ts'

const executable = chromiumPath()
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = temporaryFolder('history')
const [passing] = samples
let shown: Running
let url = ''
let printed = ''

function write(name: string, files: Record<string, string>): void {
  const place = join(folder, '.onetap', 'runs', name)
  mkdirSync(place, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(place, file), text)
}

/** Slower from the eleventh run on. */
function runOf(day: number): Result {
  const { result } = passing!
  const gates = result.gates.map(gate => ({
    ...gate,
    observed: gate.observed === null ? null : gate.observed * (day > 10 ? 1.5 : 1) + day / 1000,
  }))
  return {
    ...result,
    id: `run-${day}`,
    time: { ...result.time, startedAt: new Date(Date.UTC(2030, 0, day)).toISOString() },
    gates,
  }
}

/** What stands at an address, asked exactly as written: fetch would tidy `..` away. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string; policy: string }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, policy: String(response.headers['content-security-policy']) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

beforeAll(async () => {
  for (let day = 1; day <= 20; day++) {
    const result = runOf(day)
    write(`run-${String(day).padStart(2, '0')}`, { 'result.json': json.render(result), 'report.html': html.render(result) })
  }
  write('hostile', { 'result.json': json.render(hostileResult(samples.find(({ name }) => name === 'fail')!.result)) })
  write('broken', { 'result.json': '{' })
  write('foreign', { 'readme.txt': 'x' })
  shown = startCli(['show'], { cwd: folder })
  shown.child.stdout?.on('data', (chunk: string) => {
    printed += chunk
  })
  await shown.says('serving until Ctrl-C')
  url = printed.trim()
})
afterAll(async () => {
  shown.child.kill('SIGINT')
  await shown.finished
  rmSync(folder, { recursive: true })
})

describe('`onetap show`', () => {
  it('serves the newest report and the history under a policy that lets nothing in', async () => {
    expect((await get('/')).status).toBe(200)
    const { status, policy, text } = await get('/history')
    expect(status).toBe(200)
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'; style-src 'sha256-/)
    expect(text).toContain('foreign')
    expect((await get('/runs/run-01')).text).toContain('run-1')
  })

  it.each(['/../../etc/passwd', '/runs/../../../etc/passwd', '/runs/..%2f..%2fetc%2fpasswd', '/runs/', '/runs/broken', '/x'])(
    'has nothing at %s',
    async path => expect((await get(path)).status).toBe(404),
  )

  it('does not answer to a name that was pointed at it', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(421)
  })

  it('says which run it has not, exit 3', async () => {
    expect((await runCli(['show', 'no-such-run'], { cwd: folder })).code).toBe(3)
  })
})

describe.skipIf(executable === undefined)('the history in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium(executable!)
  })
  afterAll(() => browser?.close())

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)(
    'as one file, %s, %i px wide: no barrier, nothing runs out of the page, names the change',
    async (colorScheme, width) => {
      const { code, stderr } = await runCli(['history', '--out', 'history.html'], { cwd: folder })
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('not read: broken')
      // axe needs to be let in; that the policy holds is asked below.
      const page = await (await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 900 } })).newPage()
      const alarms: string[] = []
      page.on('console', message => alarms.push(message.text()))
      page.on('pageerror', error => alarms.push(error.message))
      await page.goto(pathToFileURL(join(folder, 'history.html')).href)
      expect(alarms).toEqual([])
      expect(await page.textContent('body')).toContain('at run-11')
      if (process.env.SHOTS !== undefined)
        await page.screenshot({ path: join(process.env.SHOTS, `history-${width}.png`), fullPage: true })
      await ask(page, OPEN_DETAILS)
      expect(await ask(page, LINKS)).toEqual({ missing: [], repeated: [] })
      await page.addScriptTag({ content: axeSource })
      expect(await ask(page, BARRIERS)).toEqual([])
      expect(await ask(page, SIDEWAYS)).toBeLessThanOrEqual(0)
      await page.locator('a', { hasText: 'run-20' }).first().click()
      expect(await page.title()).toContain('PASS')
    },
  )

  it('served: styled under its policy, the links lead to reports whose script runs', async () => {
    const page = await browser.newPage()
    const alarms: string[] = []
    page.on('console', message => alarms.push(message.text()))
    await page.goto(`${url}history`)
    await page.locator('a', { hasText: 'run-20' }).first().click()
    expect(await page.locator('#scheme').isVisible()).toBe(true)
    expect(alarms).toEqual([])
  })
})

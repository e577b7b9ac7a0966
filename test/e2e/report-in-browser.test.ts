import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import html from '../../reports/html.ts'
import json from '../../reports/json.ts'
import junit from '../../reports/junit.ts'
import { samples } from '../golden/samples.ts'
import { chromiumPath, startChromium } from './chromium.ts'
import { hostileResult } from './hostile-result.ts'
import {
  ask,
  BARRIERS,
  BEFORE_PRINT,
  FOREIGN_PARTS,
  LINKS,
  OPEN_DETAILS,
  SHOWN_TEXT,
  SIDEWAYS,
  xmlFacts,
} from './page-questions.ts'

const executable = chromiumPath()
const failing = samples.find(sample => sample.name === 'fail')!.result
const hostile = hostileResult(failing)
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Opened {
  page: Page
  /** Whatever a page should not do: requests, errors, dialogs, console lines, calls of the hook. */
  alarms: string[]
  close(): Promise<void>
}

describe.skipIf(executable === undefined)('the HTML report in a browser', () => {
  let browser: Browser
  const folder = mkdtempSync(path.join(tmpdir(), 'onetap-report-'))
  const urlOf = (name: string): string => pathToFileURL(path.join(folder, `${name}.html`)).href

  beforeAll(async () => {
    for (const { name, result } of samples) writeFileSync(path.join(folder, `${name}.html`), html.render(result))
    writeFileSync(path.join(folder, 'hostile.html'), html.render(hostile))
    browser = await startChromium(executable!)
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const alarms: string[] = []
    await page.exposeFunction('__hit', (what: unknown) => alarms.push(`hook ${String(what)}`))
    page.on('request', request => {
      if (request.url() !== urlOf(name)) alarms.push(`request ${request.url()}`)
    })
    page.on('dialog', dialog => {
      alarms.push(`dialog ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', message => alarms.push(`console ${message.text()}`))
    page.on('pageerror', error => alarms.push(`error ${error.message}`))
    await page.goto(urlOf(name))
    return { page, alarms, close: () => context.close() }
  }

  it.each([true, false])('is complete and asks nobody, with scripts on: %s', async javaScriptEnabled => {
    const { page, alarms, close } = await open('fail', { javaScriptEnabled })
    await ask(page, OPEN_DETAILS)
    const text = await ask(page, SHOWN_TEXT)
    for (const part of [
      'FAIL',
      'rp-nonce-race',
      'One nonce bought 3 sessions',
      'Proof (second-session)',
      'npx onetap attack rp-nonce-race',
    ]) {
      expect(text).toContain(part)
    }
    for (const part of ['loginTokenValidate', '"tokenA":"…[credential 3]"', 'backend_added p95', 'achieved-rate', 'CWE-367']) {
      expect(text).toContain(part)
    }
    expect(await page.locator('figure:visible').count()).toBe(5)
    expect(await page.locator('figure svg[role=img]:visible').count()).toBe(5)
    expect(await page.locator('#save').isVisible()).toBe(javaScriptEnabled)
    expect(alarms).toEqual([])
    await close()
  })

  it.each([true, false])('shows hostile words as text and runs none, with scripts on: %s', async javaScriptEnabled => {
    const { page, alarms, close } = await open('hostile', { javaScriptEnabled })
    await ask(page, OPEN_DETAILS)
    await page.mouse.move(300, 300)
    expect(await ask(page, FOREIGN_PARTS)).toEqual({
      elements: 0,
      handlers: 0,
      addresses: 0,
      scripts: ['application/json', ''],
      ids: [],
    })
    const text = await ask(page, SHOWN_TEXT)
    expect(text.split('<script>__hit("script")</script><img src=x onerror=').length).toBeGreaterThan(60)
    expect(text).toContain('[U+0000][U+0007][U+001B][31m')
    expect(alarms).toEqual([])
    await close()
  })

  it('would raise an alarm if a page did not escape', async () => {
    const unescaped = html
      .render(hostile)
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
    writeFileSync(path.join(folder, 'unescaped.html'), unescaped)
    const { page, alarms, close } = await open('unescaped')
    expect(alarms.some(alarm => alarm.startsWith('hook'))).toBe(true)
    expect((await ask(page, FOREIGN_PARTS)).handlers).toBeGreaterThan(0)
    await close()
  })

  it('saves the very document it was made from', async () => {
    const { page, close } = await open('hostile', { acceptDownloads: true })
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()])
    expect(download.suggestedFilename()).toBe('result.json')
    const saved = readFileSync(await download.path(), 'utf8')
    expect(JSON.parse(saved)).toEqual(JSON.parse(json.render(hostile)))
    await close()
  })

  it('links each reason to a part that is there, and no id stands twice', async () => {
    for (const { name } of samples) {
      const { page, close } = await open(name)
      const { missing, repeated } = await ask(page, LINKS)
      expect([name, missing, repeated]).toEqual([name, [], []])
      await close()
    }
  })

  it('opens the evidence that a reason points at', async () => {
    const { page, close } = await open('fail')
    await page.locator('.reasons a').first().click()
    await page.getByText('Proof (second-session)').waitFor({ state: 'visible' })
    await close()
  })

  it.each([
    ['fail', 'light', 1280],
    ['fail', 'dark', 1280],
    ['inconclusive', 'light', 360],
    ['pass', 'dark', 360],
    ['hostile', 'light', 360],
    ['figures', 'light', 1280],
    ['figures', 'dark', 360],
  ] as const)('%s, %s, %i px wide: no serious barrier, nothing runs out of the page', async (name, colorScheme, width) => {
    const { page, close } = await open(name, { colorScheme, viewport: { width, height: 900 } })
    await ask(page, OPEN_DETAILS)
    await page.addScriptTag({ content: axeSource })
    const violations = await ask(page, BARRIERS)
    expect(violations.filter(text => /^(serious|critical)/.test(text))).toEqual([])
    expect(await ask(page, SIDEWAYS)).toBeLessThanOrEqual(0)
    await close()
  })

  it('filters attacks by words, keeps the filter in the address, and goes from one to the next by keys', async () => {
    const { page, alarms, close } = await open('fail')
    await page.keyboard.press('/')
    await page.keyboard.type('outcome:pass !family:forged-token')
    expect(await page.locator('tbody.attack:visible').count()).toBe(2)
    expect(page.url()).toContain('#q=outcome%3Apass%20!family%3Aforged-token')
    expect(await page.locator('#filter-count').textContent()).toBe('2 of 5 shown')
    await page.keyboard.press('Escape')
    expect(await page.locator('tbody.attack:visible').count()).toBe(5)
    await page.keyboard.press('j')
    expect(await page.evaluate<boolean>("document.activeElement === document.querySelector('tbody.attack summary')")).toBe(true)
    await page.evaluate("location.hash = 'q=sev%3Acritical'")
    await page.locator('#filter-count', { hasText: '2 of 5 shown' }).waitFor()
    expect(alarms).toEqual([])
    await close()
  })

  it('lets the reader choose the colours, and look closer at both charts over time at once', async () => {
    const { page, close } = await open('fail', { colorScheme: 'light' })
    const paper = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const light = await paper()
    await page.locator('#scheme').click()
    expect(await paper()).toBe(light)
    await page.locator('#scheme').click()
    expect(await paper()).not.toBe(light)
    const boxes = (): Promise<string[]> =>
      page.evaluate<string[]>("[...document.querySelectorAll('svg.zoomable')].map(one => one.getAttribute('viewBox'))")
    const [whole] = await boxes()
    await page.locator('svg.zoomable').first().focus()
    await page.keyboard.press('+')
    const [first, second] = await boxes()
    expect(first).not.toBe(whole)
    expect(second).toBe(first)
    await page.keyboard.press('0')
    expect((await boxes())[0]).toBe(whole)
    await close()
  })

  it('opens what is folded before it is printed', async () => {
    const { page, close } = await open('fail')
    await ask(page, BEFORE_PRINT)
    expect(await page.locator('details:not([open])').count()).toBe(0)
    await close()
  })

  it('has a JUnit sibling that an XML parser accepts, hostile words and all', async () => {
    const { page, close } = await open('pass')
    for (const result of [failing, hostile]) {
      const seen = await ask(page, xmlFacts(junit.render(result)))
      const cases = 1 + result.validity.checks.length + result.gates.length + result.attacks.length
      expect(seen).toEqual({ broken: null, cases, pairs: cases, failures: 5 })
    }
    await close()
  })
})

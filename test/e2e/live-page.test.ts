import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, startChromium } from './chromium.ts'
import { startCli } from './command-line.ts'
import { writeConfig } from './patient-config.ts'

const executable = chromiumPath()

describe.skipIf(executable === undefined)('the live page of a run in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium(executable!)
  })
  afterAll(async () => {
    await browser?.close()
  })

  it('draws rate and latency while the load goes on, asks nobody else, and ends with the run', { timeout: 120_000 }, async () => {
    const folder = writeConfig('live', {
      attack: null,
      load: { engine: 'embedded', shape: { kind: 'constant', ratePerSecond: 30, durationMs: 8000 }, warmUpMs: 0 },
    })
    const run = startCli(['load', '--live', '--progress', 'plain', '-o', 'run'], { cwd: folder })
    let text = ''
    run.child.stderr?.on('data', (chunk: string) => {
      text += chunk
    })
    await run.says('live page: ')
    await expect.poll(() => /live page: (\S+)\n/.exec(text)?.[1]).toBeDefined()
    const url = /live page: (\S+)\n/.exec(text)?.[1] ?? ''
    const page = await browser.newPage()
    const alarms: string[] = []
    page.on('request', request => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) alarms.push(request.url())
    })
    page.on('pageerror', error => alarms.push(String(error)))
    const response = await page.goto(url)
    expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    const path = (chart: string, line: string) => page.locator(`#${chart} path.${line}`).getAttribute('d')
    await expect.poll(() => path('rate', 'two'), { timeout: 60_000 }).toMatch(/^M.*L/)
    await expect.poll(() => path('latency', 'two'), { timeout: 60_000 }).toMatch(/^M.*L/)
    expect(await page.textContent('#figures')).toMatch(/offered 30\/s.*\n.*p99.*\n.*refused/)
    // Another name for the same address is what a foreign page would have to use.
    expect((await fetch(`${url.replace('127.0.0.1', 'localhost')}figures`).catch(() => ({ status: 0 }))).status).not.toBe(200)
    await run.finished
    await expect.poll(() => page.textContent('#phase'), { timeout: 10_000 }).toContain('has ended')
    expect(alarms).toEqual([])
    await expect(fetch(url)).rejects.toThrow()
  })
})

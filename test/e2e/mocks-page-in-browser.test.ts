import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mobileLogin, postMobileLogin } from '../unit/mocks/backend-side.ts'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'
import { chromiumPath, startChromium } from './chromium.ts'

const executable = chromiumPath()
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(executable === undefined)('the live page of the mocks in a browser', () => {
  let browser: Browser
  let mocks: StartedMocks
  let page: Page
  /** Whatever a page should not do: foreign requests, errors, console lines. */
  const alarms: string[] = []

  beforeAll(async () => {
    mocks = await startedMocks()
    browser = await startChromium(executable!)
    page = await browser.newPage()
    page.on('request', request => {
      if (!request.url().startsWith(mocks.ready.controlUrl) && !request.url().startsWith('data:'))
        alarms.push(`request ${request.url()}`)
    })
    page.on('console', message => alarms.push(`console ${message.text()}`))
    page.on('pageerror', error => alarms.push(`error ${error.message}`))
    await page.goto(mocks.ready.controlUrl)
  })
  afterAll(async () => {
    await browser?.close()
    await mocks?.close()
  })

  // Polled from outside: the page's policy keeps even the test's own scripts from being evaluated in it.
  const shows = (id: string, text: string) => expect.poll(() => page.textContent(`#${id}`), { timeout: 15_000 }).toContain(text)
  const says = (text: string) => shows('status', text)

  it('shows nothing and asks for the token first, and says so when it is wrong', async () => {
    expect(await page.isHidden('#live')).toBe(true)
    await page.fill('#token', 'wrong')
    await page.click('#login button')
    await says('Bearer token missing or wrong')
    expect(await page.isHidden('#live')).toBe(true)
    // The browser itself tells the console of an answer 401.
    alarms.splice(0, alarms.length, ...alarms.filter(alarm => !alarm.includes('401')))
  })

  it('takes the token once and keeps it nowhere but in memory', async () => {
    await page.fill('#token', mocks.ready.controlToken)
    await page.click('#login button')
    await says('Connected')
    expect(await page.isVisible('#live')).toBe(true)
    expect(await page.inputValue('#token')).toBe('')
    const kept = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    )
    expect(kept).not.toContain(mocks.ready.controlToken)
  })

  it('makes a subscriber and a token that the carrier redeems, and shows the call', async () => {
    await page.selectOption('#carrier', 'china-mobile')
    await page.click('#fresh button')
    await says('Subscriber')
    await page.click('#mint button')
    await shows('tokens', 'STsid')
    const token = (await page.textContent('#tokens tr td:last-child'))!
    const { environment } = mocks.ready
    const reply = await postMobileLogin(environment, mobileLogin(environment, token))
    expect(reply.json.msisdn).toBe(await page.inputValue('#number'))
    await shows('journal', token)
    await shows('totals', '1 numbers given out')
  })

  it('switches faults, and shows those that were switched elsewhere', async () => {
    await page.fill('#share-hang', '25')
    await page.check('#fault-hang')
    await says('hang strikes 25 %')
    const { body } = await mocks.control<{ faults: object[] }>('GET', '/behaviour')
    expect(body.faults).toEqual([{ id: 'hang', share: 0.25, holdMs: 10_000 }])
    await mocks.control('PATCH', '/faults', { hang: null, reset: { share: 0.5 } })
    await expect.poll(() => page.isChecked('#fault-hang'), { timeout: 15_000 }).toBe(false)
    await expect.poll(() => page.inputValue('#share-reset')).toBe('50')
    await page.uncheck('#fault-reset')
    await says('reset is off')
    expect((await mocks.control<{ faults: object[] }>('GET', '/behaviour')).body.faults).toEqual([])
  })

  it('every switch is one the mocks take', async () => {
    for (const box of await page.locator('#faults input[type=checkbox]').all()) {
      const id = (await box.getAttribute('id'))!.replace('fault-', '')
      await box.check()
      await says(`${id} strikes`)
      await box.uncheck()
      await says(`${id} is off`)
    }
  })

  it('shows what a backend sent as text, whatever it is', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    const { environment } = mocks.ready
    await postMobileLogin(environment, mobileLogin(environment, hostile))
    await shows('journal', hostile)
    expect(await page.title()).toBe('onetap mocks')
  })

  it('sets the answer time and resets the mocks', async () => {
    await page.fill('#latency-ms', '7')
    await page.click('#latency button')
    await shows('latency-now', '"ms":7')
    await page.click('#reset')
    await says('forgot')
    await shows('totals', '0 calls')
  })

  it('has no barriers that axe can find, on a phone either', async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    // Run in a world of its own: the page's policy keeps foreign scripts out.
    const client = await page.context().newCDPSession(page)
    const { frameTree } = await client.send('Page.getFrameTree')
    const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id })
    const run = (expression: string) =>
      client.send('Runtime.evaluate', { contextId: executionContextId, expression, awaitPromise: true, returnByValue: true })
    await run(axeSource)
    const { result } = await run('axe.run().then(found => found.violations.map(one => one.id + one.nodes[0].html))')
    expect(result.value).toEqual([])
  })

  it('did nothing else meanwhile: no foreign request, no error, nothing on the console', () => {
    expect(alarms).toEqual([])
  })

  it('may not be framed, and forbids every source but itself', async () => {
    const response = await fetch(mocks.ready.controlUrl)
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATHS = [process.env.CHROMIUM_BIN, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].filter(
  (path): path is string => path !== undefined && path !== '',
)

/** A Chromium on this machine, or undefined with a loud word on standard error. In CI its absence is an error: a skipped check is no check. */
export function chromiumPath(): string | undefined {
  const found = PATHS.find(path => existsSync(path))
  if (found === undefined && process.env.CI === 'true') throw new Error('CI has no Chromium: set CHROMIUM_BIN')
  if (found === undefined)
    process.stderr.write('SKIPPED: no Chromium found, the report was not opened in a browser. Set CHROMIUM_BIN.\n')
  return found
}

/** Starts it headless with a fresh profile, which is removed when it is closed. Calls nobody. */
export function startChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/**
 * Child-process entry of the mock carriers. Settings come as JSON in ONETAP_MOCKS_SETTINGS, or as one line on stdin when that is
 * `-`. Prints one JSON line: MocksReady, or `{"error":{code,message,hint}}` with exit code 2 (settings), 3 (port) or 70 (our bug).
 */
import { createInterface } from 'node:readline'
import { HarnessError } from '../src/contract/errors.ts'
import { parseSettings } from './settings.ts'
import { type RunningMocks, startMocks } from './start.ts'

async function main(): Promise<void> {
  const mocks = await startMocks(parseSettings(await settingsText()))
  stopOn(mocks)
  process.stdout.write(`${JSON.stringify(mocks.ready)}\n`)
}

async function settingsText(): Promise<string> {
  const given = process.env.ONETAP_MOCKS_SETTINGS
  if (given === undefined) {
    throw new HarnessError('CONFIG', 'ONETAP_MOCKS_SETTINGS is not set.', {
      hint: 'Give the settings as JSON, or - to read one line of stdin.',
    })
  }
  if (given !== '-') return given
  const lines = createInterface({ input: process.stdin, terminal: false })
  for await (const line of lines) return line
  return ''
}

function stopOn(mocks: RunningMocks): void {
  const stop = (): void => {
    mocks.close().then(() => process.exit(0), fail)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (process.env.ONETAP_PARENT_PIPE !== '1') return
  // The parent holds the other end of stdin; when it dies without a signal, the pipe closes.
  process.stdin.once('end', stop).once('close', stop).resume()
}

function fail(error: unknown): void {
  const known = error instanceof HarnessError
  const record = known ? error.toRecord() : { code: 'INTERNAL', message: String(error) }
  process.stdout.write(`${JSON.stringify({ error: record })}\n`)
  if (!known) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = known ? (error.code === 'PORT_IN_USE' ? 3 : 2) : 70
}

main().catch(fail)

/**
 * Child-process entry of the mock carriers. Settings come as JSON in ONETAP_MOCKS_SETTINGS, or as one line on stdin when that is
 * `-`. Prints one JSON line: MocksReady, or `{"error":{code,message,hint}}` with exit code 2 (settings), 3 (port) or 70 (our bug).
 * Ends on SIGTERM, SIGINT and, with ONETAP_PARENT_PIPE=1, when stdin closes: the parent died without a signal.
 */
import { HarnessError } from '../src/contract/errors.ts'
import { parseSettings } from './settings.ts'
import { startMocks } from './start.ts'

async function main(): Promise<void> {
  // Listened to from the start, because a parent may be gone before the ports listen.
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
    if (process.env.ONETAP_PARENT_PIPE === '1') process.stdin.once('end', resolve).once('close', resolve)
  })
  const mocks = await startMocks(parseSettings(await settingsText()))
  process.stdout.write(`${JSON.stringify(mocks.ready)}\n`)
  if (process.env.ONETAP_PARENT_PIPE === '1') process.stdin.resume()
  await stopped
  await mocks.close()
  process.exit(0)
}

async function settingsText(): Promise<string> {
  const given = process.env.ONETAP_MOCKS_SETTINGS
  if (given === undefined) {
    const hint = 'Give the settings as JSON, or - to read one line of stdin.'
    throw new HarnessError('CONFIG', 'ONETAP_MOCKS_SETTINGS is not set.', { hint })
  }
  return given === '-' ? firstLine(process.stdin) : given
}

/** Text up to the first line feed or the end; what follows is dropped, and the stream stays open to be watched. */
function firstLine(stream: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const settle = (): void => {
      stream.off('data', take)
      resolve(text.split('\n', 1)[0] ?? '')
    }
    const take = (chunk: Buffer): void => {
      text += chunk.toString('utf8')
      if (text.includes('\n')) settle()
    }
    stream.on('data', take).once('end', settle).once('error', reject)
  })
}

main().catch((error: unknown) => {
  const known = error instanceof HarnessError
  const record = known ? error.toRecord() : { code: 'INTERNAL', message: String(error) }
  process.stdout.write(`${JSON.stringify({ error: record })}\n`)
  if (!known) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(known ? (error.code === 'PORT_IN_USE' ? 3 : 2) : 70)
})

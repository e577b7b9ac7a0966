import { readEnvironment, type Settings } from './environment.ts'
import { openService } from './service.ts'
import { SettingsError } from './settings-error.ts'
import { reportTrouble } from './trouble.ts'

/** How long requests in flight may take to end after a signal. */
const GRACE_MS = 5000

await start()

async function start(): Promise<void> {
  try {
    await serve(readEnvironment(process.env))
  } catch (error) {
    if (error instanceof SettingsError) process.stderr.write(`${error.message}\n`)
    else reportTrouble(error)
    process.exit(error instanceof SettingsError ? 2 : 1)
  }
}

async function serve(settings: Settings): Promise<void> {
  const { app, close } = await openService(settings)
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref()
    await app.close()
    await close()
    process.exit(0)
  }
  const stopOrReport = (): void => {
    stop().catch(error => {
      reportTrouble(error)
      process.exit(1)
    })
  }
  process.once('SIGTERM', stopOrReport)
  process.once('SIGINT', stopOrReport)
  if (settings.parentPipe) process.stdin.on('close', stopOrReport).on('end', stopOrReport).resume()
  const listening = await app.listen({ host: settings.host, port: settings.port })
  process.stdout.write(`${JSON.stringify({ listening, runId: settings.runId })}\n`)
}

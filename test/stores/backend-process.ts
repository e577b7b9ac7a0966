import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../reference-backend/main.ts', import.meta.url))

/** The reference backend in a process of its own, which can die. */
export interface BackendProcess {
  url: string
  /** Kills it by the given signal and resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

/** Ends with this process, however that ends. */
export async function startBackendProcess(environment: Record<string, string>): Promise<BackendProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { ...environment, ONETAP_PARENT_PIPE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = once(child, 'close')
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone.then(() => undefined)])
  if (line === undefined) throw new Error('the backend ended before it listened')
  const { listening } = JSON.parse(String(line[0])) as { listening: string }
  return {
    url: listening,
    end: async signal => {
      child.kill(signal)
      await gone
    },
  }
}

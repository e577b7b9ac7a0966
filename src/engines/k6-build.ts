import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runForText } from './run-for-text.ts'

const BUILD_WITHIN_MS = 15 * 60_000

/**
 * Builds k6 with the machine's Go from the sources pinned in tools/k6 (go.mod names the version, go.sum its hash and that of
 * everything it needs). Returns undefined when `executable` is there, else a sentence that says why not.
 */
export async function buildK6(executable: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { failure: noGo } = await runForText('go', ['version'], { env, timeoutMs: 10_000 })
  if (noGo !== undefined) return 'there is no Go to build it with'
  await mkdir(dirname(executable), { recursive: true })
  const unfinished = `${executable}.${process.pid}`
  const { failure } = await runForText('go', ['build', '-mod=readonly', '-trimpath', '-o', unfinished, 'go.k6.io/k6/v2'], {
    cwd: toolsFolder(),
    env,
    timeoutMs: BUILD_WITHIN_MS,
  })
  if (failure !== undefined) return `go build failed (${failure})`
  await rename(unfinished, executable)
  return undefined
}

/** From src/engines and from dist/src/engines alike: the package ships tools/k6 once, at its root. */
function toolsFolder(): string {
  const compiled = import.meta.url.endsWith('.js')
  return fileURLToPath(new URL(compiled ? '../../../tools/k6' : '../../tools/k6', import.meta.url))
}

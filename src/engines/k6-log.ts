import { readFile } from 'node:fs/promises'

/** The last error in k6's log (one JSON object a line), or undefined when it has none or no log. */
export async function lastError(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  if (line === '') return undefined
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown }
    return typeof msg === 'string' ? msg : line
  } catch {
    // A k6 that was killed may leave half a line; it is still the best there is.
    return line
  }
}

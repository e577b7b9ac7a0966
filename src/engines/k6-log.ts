import { readFile } from 'node:fs/promises'
import { NOT_GRANTED_MARK } from '../contract/series.ts'

/** What k6 logged (one JSON object a line). */
export interface K6Log {
  /** The last error in it; undefined when there was none. */
  lastError: string | undefined
  /** Visits that the driver named because their login was not granted, ascending. */
  notGranted: number[]
}

/** Reads the log; one that does not exist is empty. */
export async function readK6Log(path: string): Promise<K6Log> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  const messages = text.split('\n').filter(Boolean).map(messageOf)
  return {
    lastError: messages.findLast(message => !message.startsWith(NOT_GRANTED_MARK)),
    notGranted: messages
      .filter(message => message.startsWith(NOT_GRANTED_MARK))
      .map(message => Number(message.slice(NOT_GRANTED_MARK.length)))
      .filter(Number.isInteger)
      .sort((a, b) => a - b),
  }
}

/** A k6 that was killed may leave half a line; it is still the best there is. */
function messageOf(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown }
    return typeof msg === 'string' ? msg : line
  } catch {
    return line
  }
}

import type { Readable } from 'node:stream'

/** A line longer than this is handed on in pieces: a child cannot fill our memory with one endless line. */
const LONGEST_LINE = 65_536

/** Lines of a stream as they come, without their line feed; the last one also when it has none. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
    while (rest.length > LONGEST_LINE) {
      take(rest.slice(0, LONGEST_LINE))
      rest = rest.slice(LONGEST_LINE)
    }
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
  })
}

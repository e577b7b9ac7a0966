/** What a child process wrote, line by line, the last part of it: a flood of lines must not fill our memory. */
export interface OutputLog {
  add(line: string): void
  /** A place to read on from. */
  mark(): number
  /** Lines written since that place, the oldest of which may have been forgotten. */
  since(mark: number): readonly string[]
}

const MOST_LINES = 5000
const LONGEST_LINE = 2000

export function outputLog(): OutputLog {
  const lines: string[] = []
  let written = 0
  return {
    add(line) {
      lines.push(line.slice(0, LONGEST_LINE))
      written++
      // In one cut now and then: shifting an array for every line costs as much as the array is long.
      if (lines.length > MOST_LINES * 2) lines.splice(0, lines.length - MOST_LINES)
    },
    mark: () => written,
    since: mark => (mark >= written ? [] : lines.slice(-(written - mark))),
  }
}

const BEIJING_OFFSET_MS = 8 * 3_600_000

/** The second spelled last, kept because a busy mock spells the same one thousands of times. */
let lastSecond = Number.NaN
let lastSpelling = ''

/** `yyyyMMddHHmmssSSS` in Beijing time, the 17 digits China Mobile writes. */
export function beijingTime17(epochMs: number): string {
  const second = Math.floor(epochMs / 1000)
  if (second !== lastSecond) {
    lastSecond = second
    lastSpelling = new Date(second * 1000 + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace(/[-:T]/g, '')
  }
  return lastSpelling + String(Math.floor(epochMs) % 1000).padStart(3, '0')
}

/** Reads the 17 digits; undefined when they are no moment. Epoch milliseconds. */
export function beijingMs17(digits: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, ms] = match
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}+08:00`)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

/** How far the clocks of Beijing are ahead of UTC, milliseconds: for vendors that do not say which of the two they write. */
export const BEIJING_AHEAD_MS = BEIJING_OFFSET_MS

/** Reads `yyyy-MM-dd HH:mm:ss` in Beijing time; undefined when it is no such moment. Epoch milliseconds. */
export function beijingMs(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text)
  if (match === null) return undefined
  const epochMs = Date.parse(`${match[1]}T${match[2]}.000+08:00`)
  return Number.isNaN(epochMs) ? undefined : epochMs
}

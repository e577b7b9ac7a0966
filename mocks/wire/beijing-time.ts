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

const BEIJING_OFFSET_MS = 8 * 3_600_000

/** `yyyyMMddHHmmssSSS` in Beijing time, the 17 digits China Mobile writes. */
export function beijingTime17(epochMs: number): string {
  const iso = new Date(epochMs + BEIJING_OFFSET_MS).toISOString()
  return (
    iso.slice(0, 4) +
    iso.slice(5, 7) +
    iso.slice(8, 10) +
    iso.slice(11, 13) +
    iso.slice(14, 16) +
    iso.slice(17, 19) +
    iso.slice(20, 23)
  )
}

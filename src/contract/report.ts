import type { Result } from './result.ts'

/** Turns a result into bytes. Pure: the same result gives the same bytes. */
export interface Report {
  id: string
  about: string
  fileName: string
  render(result: Result): string
}

export function defineReport(report: Report): Report {
  return report
}

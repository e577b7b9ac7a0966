import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { attackCounts, closing, gateTable, head, loadTable, openAttacks, reasonList, validityList } from './markdown/parts.ts'
import { within } from './markdown/text.ts'
import { utf8Bytes } from './printable.ts'

/** GitHub takes 65,536 characters in a comment; counted in bytes there is room to spare. */
export const MOST_COMMENT_BYTES = 60_000

/** A comment on a pull request. Its first line is a mark by which the next run finds it and replaces it. */
export default defineReport({
  id: 'markdown',
  about: 'Markdown for a comment on a pull request: verdict, reasons, budgets, what got in; within GitHub’s limit.',
  fileName: 'comment.md',
  render: result => within(parts(result), MOST_COMMENT_BYTES, utf8Bytes),
})

/** Says whose comment it is. The name is ours to choose; what could end the HTML comment is taken out. */
export function commentMark(result: Result): string {
  return `<!-- onetap: ${result.name
    .replace(/[^\w.]+/g, ' ')
    .trim()
    .slice(0, 80)} -->`
}

function parts(result: Result): string[] {
  const load = result.load === null ? [] : ['### Load', loadTable(result.load)]
  return [
    commentMark(result),
    head(result),
    reasonList(result, 8),
    '### Budgets',
    gateTable(result),
    validityList(result),
    '### Attacks',
    attackCounts(result),
    openAttacks(result, 12),
    ...load,
    closing(),
  ].filter(part => part !== undefined)
}

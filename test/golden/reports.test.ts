import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { reports } from '../../reports/index.ts'
import { parseResult } from '../../reports/json.ts'
import { sampleFiles } from './sample-files.ts'
import { samples } from './samples.ts'

const folder = fileURLToPath(new URL('../../reports/samples', import.meta.url))
const files = sampleFiles()

// After a wanted change: `node scripts/golden-update.ts`, then read the difference.
describe('sample reports', () => {
  it.each(files.map(file => [file.path, file.text] as const))('%s is what is committed, byte for byte', (file, text) => {
    const committed = readFileSync(path.join(folder, file), 'utf8')
    // Not toBe: a difference of 100 kB on a terminal helps nobody.
    expect(committed === text, `${file} differs; run node scripts/golden-update.ts and read the difference`).toBe(true)
  })

  it('hold no file that is not made any more', () => {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    expect(found.sort()).toEqual(files.map(file => file.path).sort())
  })

  it.each(samples.map(sample => sample.name))('of the run %s can be made again from its own result.json', name => {
    const result = parseResult(readFileSync(path.join(folder, name, 'result.json'), 'utf8'))
    for (const report of reports) {
      const committed = readFileSync(path.join(folder, name, report.fileName), 'utf8')
      expect(report.render(result) === committed, report.id).toBe(true)
    }
  })

  it('show each verdict', () => {
    expect(samples.map(({ result }) => [result.verdict, result.exitCode])).toEqual([
      ['pass', 0],
      ['fail', 1],
      ['inconclusive', 4],
      ['pass', 0],
      ['inconclusive', 130],
      ['fail', 1],
    ])
  })
})

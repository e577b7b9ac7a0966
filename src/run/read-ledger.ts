import { readFileSync, statSync } from 'node:fs'
import { HarnessError } from '../contract/errors.ts'
import type { EvidenceBody, EvidenceRecord } from '../contract/evidence.ts'

const KINDS: Record<EvidenceBody['kind'], true> = {
  'run-started': true,
  'mocks-up': true,
  'target-up': true,
  'load-finished': true,
  'attack-finished': true,
  'background-finished': true,
  trouble: true,
  note: true,
  'run-ended': true,
}

/**
 * Reads a ledger back. A last line cut short (the disk was full, the process was killed) is dropped; any other broken line, a
 * missing one or an unknown version is HarnessError EVIDENCE: evidence is not guessed.
 */
export function readLedger(path: string): EvidenceRecord[] {
  const lines = textOf(path).split('\n')
  const last = lines.pop() ?? ''
  // Without a line feed behind it, a line that is not JSON was cut short.
  if (last !== '' && isJson(last)) lines.push(last)
  return lines.map((line, i) => recordOf(line, i + 1, path))
}

function textOf(path: string): string {
  try {
    // A device has no end.
    if (!statSync(path).isFile()) throw new TypeError('not a file')
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError('EVIDENCE', `no evidence at ${path}`, {
      hint: 'name the folder of a run, for instance .onetap/latest',
      cause,
    })
  }
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function recordOf(line: string, number: number, path: string): EvidenceRecord {
  const wrong = (what: string): HarnessError =>
    new HarnessError('EVIDENCE', `${path}: line ${number} ${what}`, { hint: 'the file was changed after it was written' })
  if (!isJson(line)) throw wrong('is not JSON')
  const record = JSON.parse(line) as EvidenceRecord | null
  if (typeof record !== 'object' || record === null) throw wrong('is no record')
  if (record.schemaVersion !== '1.0.0') {
    throw new HarnessError(
      'EVIDENCE',
      `${path}: line ${number} has evidence version ${String(record.schemaVersion)}, this onetap reads 1.0.0`,
    )
  }
  if (record.seq !== number) throw wrong(`has number ${String(record.seq)}: lines are missing or moved`)
  if (!Object.hasOwn(KINDS, record.kind)) throw wrong(`is of the unknown kind "${String(record.kind)}"`)
  return record
}

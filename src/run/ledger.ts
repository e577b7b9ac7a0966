import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { HarnessError } from '../contract/errors.ts'
import type { EvidenceBody, EvidenceRecord } from '../contract/evidence.ts'
import type { Redactor } from './redact.ts'
import { diskError } from './run-folder.ts'

/** The only writer of evidence. Append-only, one JSON object a line, redacted here and nowhere else. */
export interface Ledger {
  append(body: EvidenceBody): void
  close(): void
  readonly path: string
}

export function openLedger(path: string, redactor: Redactor, nowMs: () => number): Ledger {
  let descriptor: number
  try {
    descriptor = openSync(path, 'a')
  } catch (cause) {
    throw diskError(path, cause)
  }
  let seq = 0
  return {
    path,
    append(body) {
      const record: EvidenceRecord = { schemaVersion: '1.0.0', seq: ++seq, atMs: nowMs(), ...redactor.redact(body) }
      writeWhole(descriptor, `${JSON.stringify(record)}\n`, path)
    },
    close: () => closeSync(descriptor),
  }
}

function writeWhole(descriptor: number, line: string, path: string): void {
  const bytes = Buffer.from(line)
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset)
  } catch (cause) {
    throw diskError(path, cause)
  }
}

/**
 * Reads a ledger back. A last line cut short (the disk was full, the process was killed) is dropped; any other broken line
 * or an unknown version is an error: evidence is not guessed.
 */
export function readLedger(path: string): EvidenceRecord[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError('EVIDENCE', `no evidence at ${path}`, {
      hint: 'name the folder of a run, for instance .onetap/latest',
      cause,
    })
  }
  const lines = text.split('\n')
  const cut = lines.pop()
  const records = lines.map((line, i) => parseLine(line, i + 1, path))
  if (cut !== undefined && cut !== '') {
    try {
      records.push(parseLine(cut, lines.length + 1, path))
    } catch {
      // The line a crash cut short.
    }
  }
  return records
}

function parseLine(line: string, number: number, path: string): EvidenceRecord {
  let record: EvidenceRecord
  try {
    record = JSON.parse(line) as EvidenceRecord
  } catch (cause) {
    throw new HarnessError('EVIDENCE', `${path}: line ${number} is not JSON`, {
      hint: 'the file was changed after it was written',
      cause,
    })
  }
  if (record.schemaVersion !== '1.0.0') {
    throw new HarnessError(
      'EVIDENCE',
      `${path}: line ${number} has evidence version ${String(record.schemaVersion)}, this onetap reads 1.0.0`,
    )
  }
  return record
}

import { closeSync, openSync, writeSync } from 'node:fs'
import { HarnessError } from '../contract/errors.ts'
import type { EvidenceBody, EvidenceRecord } from '../contract/evidence.ts'
import type { Redactor } from './redact.ts'
import { diskError } from './run-folder.ts'

export { readLedger } from './read-ledger.ts'

/** The only writer of evidence. Append-only, one JSON object a line, redacted here and nowhere else. */
export interface Ledger {
  /**
   * Writes a record; returns its body as it was written, which is all that anyone may judge. Throws HarnessError DISK when it
   * cannot be written: then nothing more is, or the cut line would stand in the middle.
   */
  append<Body extends EvidenceBody>(body: Body): Body
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
  let over: HarnessError | undefined
  return {
    path,
    append(body) {
      if (over !== undefined) throw over
      const redacted = redactor.redact(body)
      const record: EvidenceRecord = { schemaVersion: '1.0.0', seq: ++seq, atMs: nowMs(), ...redacted }
      try {
        writeWhole(descriptor, `${JSON.stringify(record)}\n`)
      } catch (cause) {
        over = diskError(path, cause)
        throw over
      }
      return redacted
    },
    close() {
      over ??= new HarnessError('INTERRUPTED', 'the run was stopped; nothing more is recorded')
      closeSync(descriptor)
    },
  }
}

function writeWhole(descriptor: number, line: string): void {
  const bytes = Buffer.from(line)
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset)
}

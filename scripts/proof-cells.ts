import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Outcome } from '../src/contract/verdict.ts'
import { ENVIRONMENT } from '../test/proof/predicted.ts'
import type { Examined } from '../test/proof/world.ts'

/** One backend of the matrix: sound, or with one flaw. */
export interface Row {
  /** Also the name of its files. */
  name: string
  flaw: string
  session: 'jwt' | 'opaque'
}

/** What one attack came to against one backend, once. Kept as a file of its own, so that a stopped matrix goes on where it was. */
export interface Cell {
  row: string
  attack: string
  repeat: number
  outcome: Outcome
  proof: string | null
  claim: string
  /** All that the attack sent and took, its two honest controls among it. */
  requests: number
  durationMs: number
}

export const SOUND: readonly Row[] = [
  { name: 'sound, JWT', flaw: '', session: 'jwt' },
  { name: 'sound, opaque sessions', flaw: '', session: 'opaque' },
]

export function flawRow(flaw: string): Row {
  return { name: flaw, flaw, session: ENVIRONMENT[flaw]?.SESSION === 'opaque' ? 'opaque' : 'jwt' }
}

/** Cells on disk. One file a cell, written whole or not at all. */
export interface CellStore {
  read(row: string, attack: string, repeat: number): Cell | undefined
  write(cell: Cell): void
}

export function cellStore(folder: string): CellStore {
  const fileOf = (row: string, attack: string, repeat: number): string =>
    path.join(folder, row.replace(/[^a-z0-9=-]+/gi, '_'), `${attack}.${repeat}.json`)
  return {
    read(row, attack, repeat) {
      const file = fileOf(row, attack, repeat)
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Cell) : undefined
    },
    write(cell) {
      const file = fileOf(cell.row, cell.attack, cell.repeat)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(`${file}.new`, `${JSON.stringify(cell)}\n`)
      renameSync(`${file}.new`, file)
    },
  }
}

export function cellOf(row: Row, repeat: number, { attack, evidence, verdict }: Examined): Cell {
  return {
    row: row.name,
    attack: attack.meta.id,
    repeat,
    outcome: verdict.outcome,
    proof: verdict.outcome === 'fail' ? (verdict.judgement?.proof?.kind ?? null) : null,
    claim: verdict.claim,
    requests: evidence.requests,
    durationMs: Math.round(evidence.durationMs),
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * A room whose parts are one file each with one default export. A file of the room without a default export is an inner piece
 * of it and stays out of the index.
 */
export interface PartRoom {
  folder: string
  /** Parts lie one folder deeper (attacks, by family). */
  families: boolean
  /** Name of what the index exports. */
  exportName: string
  /** A list of parts, or a record of them by id that keeps each part's own type. */
  form: { kind: 'list'; type: string; typeFrom: string } | { kind: 'record'; idType: string }
}

export const PART_ROOMS: readonly PartRoom[] = [
  list('attacks', 'attacks', 'Attack', '../src/contract/attack.ts', true),
  list('mocks/carriers', 'carriers', 'ProviderPart', '../dialect.ts'),
  list('mocks/providers', 'providers', 'ProviderPart', '../dialect.ts'),
  list('reports', 'reports', 'Report', '../src/contract/report.ts'),
  list('scenarios', 'scenarios', 'Scenario', '../src/contract/flow.ts'),
  list('src/engines', 'engines', 'Engine', '../contract/engine.ts'),
  {
    folder: 'mocks/faults',
    families: false,
    exportName: 'faults',
    form: { kind: 'record', idType: 'FaultPartId' },
  },
  {
    folder: 'reference-backend/controls',
    families: false,
    exportName: 'controls',
    form: { kind: 'record', idType: 'ControlId' },
  },
]

/** Folders inside a room of families that are no family. */
const NOT_FAMILIES: ReadonlySet<string> = new Set(['kit'])

function list(folder: string, exportName: string, type: string, typeFrom: string, families = false): PartRoom {
  return { folder, families, exportName, form: { kind: 'list', type, typeFrom } }
}

/** Paths of the room's parts from the room's folder, sorted by code unit: the same on every machine and in every locale. */
export function partsOf(root: string, room: PartRoom): string[] {
  const folder = path.join(root, room.folder)
  const entries = readdirSync(folder, { withFileTypes: true })
  const folders = room.families ? entries.filter(e => e.isDirectory() && !NOT_FAMILIES.has(e.name)).map(e => e.name) : ['']
  return folders
    .flatMap(sub => readdirSync(path.join(folder, sub)).map(name => (sub === '' ? name : `${sub}/${name}`)))
    .filter(file => /(?<!\.d)\.ts$/.test(file) && file !== 'index.ts' && hasDefaultExport(path.join(folder, file)))
    .sort()
}

/** The id people type: the file's name without its extension. */
export function partId(file: string): string {
  return path.posix.basename(file, '.ts')
}

function hasDefaultExport(file: string): boolean {
  return /^export default\b/m.test(readFileSync(file, 'utf8'))
}

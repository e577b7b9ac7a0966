import path from 'node:path'
import { expect, it } from 'vitest'
import { BORDERS, type Border } from './border-table.ts'
import { file, repositoryFiles, type SourceFile } from './source-files.ts'

/** What the compiler is told about a room, paths from the repository's root. */
interface Project {
  folder: string
  references: readonly string[]
  types: readonly string[]
}

/** Rooms below `src` whose declarations are seen through src/rooms.ts without being imported. */
const SEEN_THROUGH: Readonly<Record<string, readonly string[]>> = {
  'src/cli': ['mocks', 'attacks', 'scenarios', 'reports'],
}

/** Projects whose border is wider than references can say: everything but the guest, which has tests of its own there. */
const UNCHECKED = new Set(['test'])

function projectsOf(files: readonly SourceFile[]): Project[] {
  return files
    .filter(source => source.path.endsWith('/tsconfig.json'))
    .map(source => {
      const folder = path.posix.dirname(source.path)
      const config = JSON.parse(source.text) as { references?: { path: string }[]; compilerOptions?: { types?: string[] } }
      const references = (config.references ?? []).map(reference => path.posix.join(folder, reference.path))
      return { folder, references: references.map(r => r.replace(/\/$/, '')).sort(), types: config.compilerOptions?.types ?? [] }
    })
}

/** The innermost project a place of the border table belongs to. */
function projectAt(place: string, folders: readonly string[]): string | undefined {
  const inside = place.replace(/\*$/, '')
  return folders.filter(folder => inside.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0]
}

/** References that a room's rows of the border table ask for. `src/` for the command line means every project below it. */
function expectedReferences(folder: string, folders: readonly string[]): string[] {
  const rows = BORDERS.filter(border => border.covers.some(place => projectAt(place, folders) === folder))
  const places = rows.flatMap(row => row.imports)
  const projects = places.flatMap(place =>
    place === 'src/' ? folders.filter(f => f === 'src' || f.startsWith('src/')) : [projectAt(place, folders)],
  )
  const wanted = new Set([...projects.filter(p => p !== undefined), ...(SEEN_THROUGH[folder] ?? [])])
  wanted.delete(folder)
  return [...wanted].sort()
}

function expectedTypes(border: Border): string[] {
  if (border.packages.includes('k6')) return ['k6']
  return border.builtins === 'none' ? [] : ['node']
}

/** Rooms whose compiler project allows more, or less, than the border table. */
function disagreements(files: readonly SourceFile[]): string[] {
  const projects = projectsOf(files).filter(project => !UNCHECKED.has(project.folder))
  const folders = projectsOf(files).map(project => project.folder)
  return projects.flatMap(project => {
    const wrong: string[] = []
    const references = expectedReferences(project.folder, folders)
    if (String(references) !== String(project.references)) {
      wrong.push(`${project.folder}: references ${project.references.join(' ')}, the border table says ${references.join(' ')}`)
    }
    const types = BORDERS.find(border => border.covers.includes(`${project.folder}/`))
    if (types !== undefined && String(expectedTypes(types)) !== String(project.types)) {
      wrong.push(`${project.folder}: types ${project.types.join(' ')}, the border table says ${expectedTypes(types).join(' ')}`)
    }
    return wrong
  })
}

it('the compiler is told the same borders', () => {
  expect(disagreements(repositoryFiles())).toEqual([])
})

it('every compiler project is built by the root one', () => {
  const root = repositoryFiles().find(source => source.path === 'tsconfig.json')
  const { references } = JSON.parse(root!.text) as { references: { path: string }[] }
  const folders = projectsOf(repositoryFiles()).map(project => project.folder)
  expect(references.map(reference => reference.path).sort()).toEqual(folders.sort())
})

it('the law bites on a reference too many, one too few, and Node types where Node is not allowed', () => {
  const contract = file('src/contract/tsconfig.json', '{"compilerOptions":{"types":[]},"references":[]}')
  const attacks = (text: string): string[] => disagreements([contract, file('attacks/tsconfig.json', text)])
  expect(attacks('{"compilerOptions":{"types":["node"]},"references":[{"path":"../src/contract"}]}')).toEqual([])
  expect(attacks('{"compilerOptions":{"types":["node"]},"references":[]}')).toHaveLength(1)
  const lab = file('src/lab/tsconfig.json', '{"compilerOptions":{"types":["node"]},"references":[{"path":"../contract"}]}')
  const far = '{"compilerOptions":{"types":["node"]},"references":[{"path":"../src/contract"},{"path":"../src/lab"}]}'
  expect(disagreements([contract, lab, file('attacks/tsconfig.json', far)])).toHaveLength(1)
  const reports = '{"compilerOptions":{"types":["node"]},"references":[{"path":"../src/contract"}]}'
  expect(disagreements([contract, file('reports/tsconfig.json', reports)])).toHaveLength(1)
})

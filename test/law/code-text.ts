import type { SourceFile } from './source-files.ts'

/** An import or re-export with a literal specifier. Lines count from 1. */
export interface ImportSite {
  specifier: string
  line: number
}

// A statement starts its line; what stands between the word and `from` holds no quote and no semicolon.
const STATEMENT = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"\n]+)\1/gm
const CALL = /\b(?:import|require)\s*\(\s*(['"])([^'"\n]+)\1/g

/** All imports of a file: static, re-exported, dynamic, type-only and by `require`. */
export function importsOf(source: SourceFile): ImportSite[] {
  const code = withoutComments(source.text)
  return [STATEMENT, CALL]
    .flatMap(pattern => [...code.matchAll(pattern)])
    .map(match => ({ specifier: match[2] ?? '', line: lineAt(code, match.index + match[0].length) }))
    .sort((a, b) => a.line - b.line)
}

/** `path:line: text` for every match outside comments. */
export function findInCode(source: SourceFile, pattern: RegExp): string[] {
  const code = withoutComments(source.text)
  return [...code.matchAll(new RegExp(pattern.source, 'g'))].map(match => at(source, lineAt(code, match.index), match[0]))
}

/** `path:line: text` for every match anywhere. */
export function findInText(source: SourceFile, pattern: RegExp): string[] {
  return [...source.text.matchAll(new RegExp(pattern.source, 'g'))].map(match =>
    at(source, lineAt(source.text, match.index), match[0]),
  )
}

/** How all laws name a place. */
export function at(source: SourceFile, line: number, what: string): string {
  return `${source.path}:${line}: ${what}`
}

/**
 * The text with comments blanked, lines kept. Plain patterns, good for this house's layout: a comment opens after white space or
 * a bracket, so that neither `https://` nor a glob in a string is taken for one.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/(^|[\s(,{])\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s(,{;])\/\/.*$/gm, comment => ' '.repeat(comment.length))
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

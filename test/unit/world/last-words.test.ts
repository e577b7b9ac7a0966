import { describe, expect, it } from 'vitest'
import { lastWords } from '../../../src/world/child.ts'

describe('the last words of a process', () => {
  it('are the line that names the error, not the stack below it', () => {
    const tail = [
      'node:internal/modules/cjs/loader:1',
      "Error: Cannot find module '/x/server.js'",
      '    at Function._resolve',
      '}',
      '',
      'Node.js v24',
    ]
    expect(lastWords(tail)).toBe("Error: Cannot find module '/x/server.js'")
  })
  it('are its last lines when none names one', () => {
    expect(lastWords(['a', 'b', 'c', 'd'])).toBe('b | c | d')
    expect(lastWords([])).toBe('no output')
  })
})

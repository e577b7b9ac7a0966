import { ran } from './ran.ts'

/** Failures that Schemathesis groups, from the backend's own OpenAPI document. Whether it was cut off is the last of them. */
export async function schemathesis(program: string, url: string, limitMs: number): Promise<string[]> {
  const args = ['--max-examples', '5', '--seed', '1', '--phases', 'examples,coverage,fuzzing']
  const { output, isLate } = await ran([program, 'run', `${url}/openapi.json`, '--url', url, ...args], limitMs)
  const kinds = [...output.matchAll(/^- (.+)$/gm)].map(match => match[1] ?? '')
  return isLate ? [...kinds, '(cut off)'] : kinds
}

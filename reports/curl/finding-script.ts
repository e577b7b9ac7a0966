import type { TranscriptEntry } from '../../src/contract/attack.ts'
import type { Finding } from '../../src/contract/finding.ts'
import type { AttackResult, Result } from '../../src/contract/result.ts'
import { replayLine } from '../wording.ts'
import { marksIn, neededExchanges, requestText, type Wanted, wantedValues } from './needed-exchanges.ts'
import { commentText, shellWord } from './shell-word.ts'

/** Where a finding's script lies, from the run folder. */
export function scriptName({ id }: Finding): string {
  return `findings/${id}.sh`
}

/** A curl script for each finding of the result. */
export function findingScripts(result: Result): { path: string; text: string }[] {
  return result.attacks.flatMap(attack =>
    attack.finding === undefined || !/^f-[0-9a-f]+$/.test(attack.finding.id)
      ? []
      : [{ path: scriptName(attack.finding), text: findingScript(attack, attack.finding, result.target.url) }],
  )
}

/**
 * A POSIX shell script that sends the requests of a finding again, one after another, by curl. Secrets and numbers were never kept:
 * the script asks for each when it comes to it, or takes it from the environment (`TOKEN_1=… sh f-….sh`).
 */
export function findingScript(attack: AttackResult, finding: Finding, targetUrl: string): string {
  const { exchanges, left } = neededExchanges(attack)
  const wanted = wantedValues(exchanges)
  const asked = new Set<string>()
  const steps = exchanges.map((entry, i) => {
    const mine = marksIn(requestText(entry)).filter(text => !asked.has(text))
    for (const text of mine) asked.add(text)
    return step(
      entry,
      i + 1,
      wanted,
      wanted.filter(({ text }) => mine.includes(text)),
    )
  })
  return `${[
    '#!/bin/sh',
    `# ${finding.id}: ${commentText(attack.id)}. ${commentText(attack.title)}`,
    '# The recorded requests of this finding, one after another. Secrets and numbers were not recorded: each is asked for when it is',
    '# needed, unless a variable of its name is set. Carrier tokens come from the mock carriers the target is joined to.',
    `# With fresh tokens, and at once where it was a race: ${replayLine(finding)}`,
    ...(left > 0 ? [`# ${left} more requests are left out.`] : []),
    'set -eu',
    `RECORDED_TARGET=${shellWord(withoutUser(originOf(targetUrl) ?? ''))}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell fills it in
    'TARGET="${TARGET:-$RECORDED_TARGET}"',
    ASK,
    ...steps,
  ].join('\n')}\n`
}

const ASK = `want() { # name, hint: says what is wanted; the value is read by the caller
  printf '%s (%s): ' "$1" "$2" >&2
}`

function step(entry: TranscriptEntry, number: number, wanted: readonly Wanted[], first: readonly Wanted[]): string {
  const { request } = entry
  const path = pathOf(request.url)
  const head = `\n# Step ${number}: ${commentText(entry.op)}, answered ${entry.response === null ? 'by nothing' : Number(entry.response.status)} when it was recorded.`
  if (path === undefined) return `${head}\n# Its address is none that curl could be given; left out.`
  const headers = Object.entries(request.headers).filter(([name]) => HEADER_NAME.test(name))
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const words = [
    'curl --disable --silent --show-error --include --globoff --path-as-is --max-time 15 --proto =http,https',
    request.method === 'HEAD' ? '--head' : `--request ${shellWord(request.method, wanted)}`,
    ...headers.map(([name, value]) => `--header ${shellWord(value === '' ? `${name};` : `${name}: ${value}`, wanted)}`),
    ...(request.body === null
      ? []
      : [...(typed ? [] : [`--header 'Content-Type:'`]), `--data-raw ${shellWord(request.body, wanted)}`]),
    `--url "$TARGET"${shellWord(path, wanted)}`,
  ]
  return [head, ...first.map(ask), words.join(' \\\n  '), 'echo'].join('\n')
}

/** A name with other characters is none (RFC 9110, 5.6.2); one that begins with `@` would make curl read a file. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

function ask({ name, fromStep }: Wanted): string {
  const where = fromStep === null ? 'not in any reply: one of your own' : `in the reply to step ${fromStep}`
  return `if [ -z "\${${name}:-}" ]; then want ${name} '${where}'; IFS= read -r ${name}; fi`
}

function originOf(url: string): string | undefined {
  return /^https?:\/\/[^/?#\s]+/i.exec(url)?.[0]
}

/** A name and password before the host are a secret like any other. */
function withoutUser(origin: string): string {
  return origin.replace(/\/\/.*@/, '//')
}

function pathOf(url: string): string | undefined {
  const origin = originOf(url)
  return origin === undefined ? undefined : url.slice(origin.length)
}

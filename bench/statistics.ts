/**
 * How often the statistics of attacks accuse what is sound, and how often they see what is not. Writes docs/statistics.md.
 *   node bench/statistics.ts [--looks n] [--no-write]
 * Randomness: values of a sound generator in three forms, and of broken ones. Timing: classes that are alike, and classes that are
 * apart, drawn from times with a long tail and spells of a busy machine. All drawn by a fixed seed.
 */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nextValues } from '../attacks/kit/predict.ts'
import { examineRandomness } from '../attacks/kit/randomness.ts'
import { SHORT_COUNT, seedBehind } from '../attacks/kit/seeds.ts'
import { readTiming } from '../attacks/kit/timing.ts'
import { wilson } from '../scripts/wilson.ts'
import { type Rng, seededRng } from '../src/contract/rng.ts'

const { values } = parseArgs({
  options: { looks: { type: 'string', default: '5000' }, 'no-write': { type: 'boolean', default: false } },
})
const looks = Number(values.looks)
const rng = seededRng(20_261)
const HEX = '0123456789abcdef'
const hex128 = (): string => rng.text(32, HEX)
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

type Make = (i: number) => string
const SOUND: Record<string, Make> = {
  'random 128 bits, hexadecimal': hex128,
  'random 128 bits, base64url': () => Buffer.from(hex128(), 'hex').toString('base64url'),
  'random UUID (version 4)': () => {
    const hex = hex128()
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${rng.pick(['8', '9', 'a', 'b'])}${hex.slice(17, 20)}-${hex.slice(20)}`
  },
}
const BROKEN: Record<string, Make> = {
  'a count': i => String(100_000 + i),
  'time in ms and 32 random bits': i => (1_795_000_000_000 + 2 * i).toString(16) + rng.text(8, HEX),
  'MD5 of a count': i => md5(String(1000 + i)),
  'SHA-256 of 24 random bits': () => createHash('sha256').update(rng.text(6, HEX)).digest('hex'),
  'hexadecimal, one digit in 16 twice as likely': () => rng.text(32, `${HEX}8`),
}

const isFound = (handedOut: readonly string[]): boolean =>
  examineRandomness(handedOut).structures.length > 0 || nextValues(handedOut.slice(-32)) !== undefined
const isSeeded = (handedOut: readonly string[]): boolean => seedBehind(handedOut.at(-1) ?? '', SHORT_COUNT) !== undefined
const many = (n: number, make: Make): string[] => Array.from({ length: n }, (_, i) => make(i))
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
const rate = (hits: number, of: number): string =>
  `${hits} of ${of} (${percent(wilson(hits, of).low)} to ${percent(wilson(hits, of).high)})`
const times = (n: number, is: () => boolean): number => Array.from({ length: n }, is).filter(Boolean).length

const alarms = Object.entries(SOUND).flatMap(([name, make]) =>
  [200, 2000].map(n => {
    const of = n === 200 ? looks : Math.ceil(looks / 10)
    return `| ${name} | ${n} | ${rate(
      times(of, () => isFound(many(n, make))),
      of,
    )} |\n`
  }),
)
const detections = Object.entries(BROKEN).map(([name, make]) => {
  const cells = [100, 200, 2000, 20_000].map(n => {
    const of = n === 20_000 ? 5 : 20
    let dictionary = false
    const hits = times(of, () => {
      const handedOut = many(n, make)
      dictionary ||= isSeeded(handedOut)
      return isFound(handedOut)
    })
    return `${hits} of ${of}${dictionary ? ', dictionary' : ''}`
  })
  return `| ${name} | ${cells.join(' | ')} |\n`
})

/** A refusal's time, milliseconds: work, a long tail, and spells in which the whole machine is slow. */
function timeSource(chance: Rng): (extraMs: number) => number {
  let slowedFor = 0
  return extraMs => {
    if (slowedFor === 0 && chance.below(100) < 5) slowedFor = 1 + chance.below(6)
    if (slowedFor > 0) slowedFor--
    const uniform = (chance.below(1_000_000) + 1) / 1_000_001
    const tail = -6 * Math.log(uniform)
    return (50 + extraMs) * (slowedFor > 0 ? 1.8 : 1) + tail
  }
}
const TURNS = 10
function timedApart(extraMs: number): boolean {
  const time = timeSource(rng)
  const [one, other, nobody]: [number[], number[], number[]] = [[], [], []]
  for (let turn = 0; turn < TURNS; turn++) {
    one.push(time(0))
    nobody.push(time(-extraMs))
    other.push(time(0))
  }
  return readTiming(one, other, nobody).state === 'apart'
}
const timingLooks = looks * 4
const timing = [0, 10, 20, 30, 45].map(
  extraMs =>
    `| ${extraMs === 0 ? 'alike (A/A)' : `${extraMs} ms apart`} | ${rate(
      times(extraMs === 0 ? timingLooks : 500, () => timedApart(extraMs)),
      extraMs === 0 ? timingLooks : 500,
    )} |\n`,
)

const page = `# Statistics of attacks: how often they are wrong

Drawn by \`node bench/statistics.ts --looks ${looks}\` (a fixed seed). Intervals: Wilson, 95 %.

## Randomness of nonces and sessions

Tests of bits (\`attacks/kit/randomness.ts\`) and of counts (\`attacks/kit/predict.ts\`) on values of a sound generator. A suspicion makes an attack
inconclusive; it fails only when a value that was foretold works.

| sound generator | values | suspected |
| --- | --: | --: |
${alarms.join('')}
The same on broken generators, by number of values looked at. **dictionary**: the value was found to be the digest of a small count, and the
next ones are known (\`attacks/kit/seeds.ts\`); statistics alone are blind to it.

| broken generator | 100 | 200 | 2,000 | 20,000 |
| --- | --- | --- | --- | --- |
${detections.join('')}
So "no structure found" says what it says, and no more; rp-nonce-predict looks at 200 values.

## Timing oracles

lk-enum-timing compares ${TURNS} refusals of each of two accounts with as many of numbers without one, taken in turn; the two accounts are compared with
each other first. Simulated: 50 ms of work, an exponential tail of 6 ms, and now and then a spell of a few requests in which everything takes 1.8
times as long. Real runs against the sound backend are in [proof-matrix.md](proof-matrix.md), under false alarms.

| classes | accused |
| --- | --: |
${timing.join('')}`

if (values['no-write']) process.stdout.write(page)
else writeFileSync(fileURLToPath(new URL('../docs/statistics.md', import.meta.url)), page)

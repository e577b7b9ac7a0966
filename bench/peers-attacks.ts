/**
 * What other tools find on the same flawed backends, beside our attacks. Writes nothing: prints a table for docs/peers-attacks.md.
 *   node bench/peers-attacks.ts [--schemathesis PROGRAM] [--jwt-python PROGRAM --jwt-tool CHECKOUT] [--only flaw,flaw]
 * Each backend is a fresh process on loopback; each tool has a minute for it. What a tool says of the sound backend, too, is left out
 * of the other lines: it tells nothing about the flaw.
 */
import { parseArgs } from 'node:util'
import { attacks } from '../attacks/index.ts'
import { signIn } from '../attacks/kit/sign-in.ts'
import { type Attack, defineAttack } from '../src/contract/attack.ts'
import { ENVIRONMENT } from '../test/proof/predicted.ts'
import { examine, type StartedPatient, startCarriers, startPatient } from '../test/proof/world.ts'
import { jwtTool } from './peers/jwt-tool.ts'
import { tallied } from './peers/ran.ts'
import { schemathesis } from './peers/schemathesis.ts'

const LIMIT_MS = 60_000
const FLAWS = [
  'jwt-signature=alg-none',
  'jwt-signature=unverified',
  'jwt-signature=alg-confusion',
  'jwt-signature=jwt-kid-lookup',
  'jwt-signature=jwt-header-key',
  'jwt-secret=jwt-weak-secret',
  'jwt-claims=jwt-no-time',
  'jwt-claims=ticket-confusion',
  'error-boundary=absent',
  'error-boundary=verbose-errors',
  'log-lines=raw-headers-logs',
  'sql-parameters=string-sql',
  'sms-limits=sms-no-number-limit',
  'nonce-single-use=reusable',
  'carrier-token-verified=fail-open',
  'reissue-unbinds=ignored',
]

const { values } = parseArgs({
  options: {
    schemathesis: { type: 'string' },
    'jwt-python': { type: 'string', default: 'python3' },
    'jwt-tool': { type: 'string' },
    only: { type: 'string' },
  },
})

type Look = (patient: StartedPatient, jwt: string) => Promise<string[]>
const { schemathesis: schemathesisProgram, 'jwt-python': python, 'jwt-tool': checkout } = values
const tools: Record<string, Look> = {
  ...(schemathesisProgram && { Schemathesis: ({ url }) => schemathesis(schemathesisProgram, url, LIMIT_MS) }),
  ...(checkout && { jwt_tool: ({ url }, jwt) => jwtTool({ python, checkout }, url, jwt, LIMIT_MS) }),
}

const mocks = await startCarriers()
try {
  process.stdout.write(
    `| backend | onetap | ${Object.keys(tools).join(' | ')} |\n|${' --- |'.repeat(2 + Object.keys(tools).length)}\n`,
  )
  const onSound = new Map<string, string[]>()
  for (const flaw of ['', ...(values.only?.split(',') ?? FLAWS)]) {
    const cells = [flaw === '' ? 'see the matrix' : await ours(flaw)]
    for (const [name, look] of Object.entries(tools)) {
      const found = await onFresh(flaw, async patient => look(patient, await credentialOf(patient)))
      if (flaw === '') onSound.set(name, found)
      const known = new Set(flaw === '' ? [] : onSound.get(name))
      cells.push(tallied(found.filter(one => !known.has(one))) || 'nothing')
    }
    process.stdout.write(`| \`${flaw || 'sound'}\` | ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
  }
} finally {
  await mocks.stop()
}

/** Our attacks that say they notice this flaw, and did. */
async function ours(flaw: string): Promise<string> {
  const hits: string[] = []
  for (const attack of attacks.filter(({ meta }) => meta.notices.includes(flaw)))
    await onFresh(flaw, async patient => {
      if ((await examine(attack, mocks.ready, patient)).verdict.outcome === 'fail') hits.push(attack.meta.id)
    })
  return hits.map(id => `\`${id}\``).join(', ') || 'nothing'
}

async function onFresh<Result>(flaw: string, use: (patient: StartedPatient) => Promise<Result>): Promise<Result> {
  const patient = await startPatient(mocks.ready, flaw, 'jwt', ENVIRONMENT[flaw])
  try {
    return await use(patient)
  } finally {
    await patient.stop()
  }
}

/** An honest login's credential: the other tools start from one that somebody gives them. */
async function credentialOf(patient: StartedPatient): Promise<string> {
  let credential: string | null = null
  const login: Attack = defineAttack({
    meta: {
      id: 'ft-own-login',
      family: 'forged-token',
      title: 'A login',
      about: 'Logs in.',
      severity: 'low',
      cwe: [],
      asvs: [],
      api2023: [],
      has: 'an own number',
      needs: ['oneTap', 'me'],
      notices: [],
    },
    async observe(lab) {
      credential = (await signIn(lab, await lab.handset())).credential
      return {}
    },
    judge: () => ({ outcome: 'inconclusive', claim: 'A login, no attack.' }),
  })
  await examine(login, mocks.ready, patient)
  if (credential === null) throw new Error('the honest login of this backend failed')
  return credential
}

import { z } from 'zod'
import { SEVERITIES } from '../contract/attack.ts'
import { CARRIER_IDS } from '../contract/carriers.ts'
import { SUBSCRIBER_LIMIT } from '../contract/people.ts'
import { ENGINE_WISHES } from '../contract/plan.ts'
import { PROVIDER_IDS } from '../contract/providers.ts'
import { CEILINGS } from '../contract/shape.ts'
import { type BudgetInput, budgetSchema } from './budget-schema.ts'
import { comersSchema } from './comers-schema.ts'
import { faultSchema } from './fault-schema.ts'
import { latencySchema } from './latency-schema.ts'
import { shapeSchema } from './shape-schema.ts'
import { suppressSchema } from './suppress-schema.ts'
import { tokenSchemas } from './token-schema.ts'

/** The configuration as people write it. Every field is optional but `target`; the texts here become editor help. */

const port = z.int().min(0).max(65_535)
const ms = z.number().min(0).max(CEILINGS.durationMs)

const targetStartSchema = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe('Program and arguments. `node` means the Node that runs onetap. {port}, {runId} and {vars.NAME} are filled in.'),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe('Extra environment. May hold {mocks.NAME}, {port}, {runId}, {vars.NAME}.'),
  cwd: z.string().nullable().default(null).describe('Working folder, relative to the config file.'),
  readyTimeoutMs: ms.default(15_000).describe('How long the target may take until it answers, in milliseconds.'),
  nonceStore: z
    .strictObject({
      variable: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
        .describe('Variable of the target’s environment that names the store.'),
      url: z.string().min(1).describe('Address of the store on this machine, for instance redis://127.0.0.1:6379.'),
    })
    .exactOptional()
    .describe('Where the target keeps its nonces: onetap stands before it, so that attacks can make it slow or cut it off.'),
})

const targetSchema = z.strictObject({
  module: z.string().default('./onetap.target.ts').describe('The target module, relative to the config file.'),
  url: z.url().nullable().default(null).describe('Base URL of a target that runs already.'),
  start: targetStartSchema.nullable().default(null).describe('How to start the target; then its port is ours to choose.'),
  identityPath: z
    .string()
    .regex(/^\//, 'a path beginning with / is wanted')
    .nullable()
    .default('/__onetap/identity')
    .describe('Path that answers {"runId": …}. null when the target has none: then name host:port in `allow`.'),
  allow: z.array(z.string()).default([]).describe('host:port of targets that onetap did not start and may touch.'),
  vars: z
    .record(z.string(), z.string())
    .default({})
    .describe('Values for the target module. {random} becomes a fresh secret per run.'),
})

const mocksSchema = z.strictObject({
  carriers: z
    .array(z.enum(CARRIER_IDS))
    .min(1)
    .default([...CARRIER_IDS]),
  providers: z
    .array(z.enum(PROVIDER_IDS))
    .exactOptional()
    .describe('Whom the target calls beside the carriers: aggregators, an SMS gateway, identity providers. None unless told.'),
  subscribers: z.int().min(1).max(SUBSCRIBER_LIMIT).default(1_000_000).describe('How many numbers load is spread over.'),
  latency: latencySchema.prefault({ kind: 'lognormal', medianMs: 120, p99Ms: 900 }),
  faults: z.array(faultSchema).default([]),
  singleUse: z
    .enum(['strict', 'lenient'])
    .default('strict')
    .describe('Whether a carrier refuses a token it has redeemed before.'),
  ...tokenSchemas,
  ports: z
    .strictObject({
      control: port.default(0),
      'china-mobile': port.optional(),
      'china-unicom': port.optional(),
      'china-telecom': port.optional(),
    })
    .prefault({})
    .describe('Fixed ports; 0 or absent = any free one.'),
})

const loadSchema = z.strictObject({
  engine: z.enum(ENGINE_WISHES).default('auto'),
  generators: z
    .int()
    .min(1)
    .max(CEILINGS.generators)
    .exactOptional()
    .describe('Processes that share the arrivals. One unless told.'),
  scenario: z.string().default('one-tap'),
  shape: shapeSchema.prefault({ kind: 'constant-arrival-rate', ratePerSecond: 50, durationMs: 20_000 }),
  comers: comersSchema.exactOptional(),
  recoverWithinMs: ms.exactOptional().describe('How soon after a timed fault goodput must be back; 10 seconds unless told.'),
  warmUpMs: ms.default(3000).describe('Load before the measured part, thrown away, in milliseconds.'),
  maxUsers: z.int().min(1).max(CEILINGS.users).default(500),
  requestTimeoutMs: ms.min(1).default(10_000),
  outlastStallMs: ms
    .exactOptional()
    .describe('Longest stall of the target that must not cost an arrival; users for it are ready from the start.'),
})

const attackSchema = z.strictObject({
  include: z.array(z.string()).min(1).default(['all']).describe('Attack ids, families, or `all`.'),
  exclude: z.array(z.string()).default([]),
  severities: z.array(z.enum(SEVERITIES)).min(1).exactOptional().describe('Only attacks of these severities. Any unless told.'),
  failOn: z
    .enum(SEVERITIES)
    .exactOptional()
    .describe('Findings less severe than this are told and do not turn the run red. All do unless told.'),
  suppress: suppressSchema.exactOptional(),
  latency: latencySchema.prefault({ kind: 'fixed', ms: 20 }),
  race: z
    .strictObject({
      rounds: z.int().min(1).max(1000).default(20),
      width: z.int().min(2).max(100).default(8),
      below: z
        .number()
        .min(0.003)
        .max(0.5)
        .exactOptional()
        .describe('Instead of `rounds`: as many as show, at 95 %, that a hit is rarer than this per round. 0.03 takes 99.'),
    })
    .prefault({}),
  underLoad: z
    .strictObject({
      share: z.number().min(0.01).max(0.95).describe('Part of the capacity that honest logins take while attacks run.'),
      capacityPerSecond: z
        .number()
        .positive()
        .max(CEILINGS.ratePerSecond)
        .nullable()
        .default(null)
        .describe('Honest logins a second that the target can take; measured when null.'),
    })
    .exactOptional()
    .describe('Honest load beside the attacks. None unless told.'),
})

export const configSchema = z.strictObject({
  name: z.string().min(1).default('onetap').describe('Name of the suite, shown in reports.'),
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe('Everything drawn by chance follows from it.'),
  target: targetSchema,
  mocks: mocksSchema.prefault({}),
  load: loadSchema.nullable().prefault({}),
  attack: attackSchema.nullable().prefault({}),
  budgets: z.array(budgetSchema).default([]),
  allowedHosts: z
    .array(z.string())
    .default([])
    .describe('Hosts beyond loopback; each also needs --allow-host on the command line.'),
})

/** Budgets may be written as plain texts as well: see `withExpressions`. */
export type OnetapConfig = Omit<z.input<typeof configSchema>, 'budgets'> & { budgets?: (string | BudgetInput)[] }
export type CheckedConfig = z.output<typeof configSchema>

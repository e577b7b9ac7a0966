/**
 * A process of its own in which the vendor's SDK runs, so that whatever it does to globals, agents and timers stays out of the
 * tests. Reads one JSON list of jobs from stdin, calls one after the other or (`together`) at once, prints one JSON list of outcomes.
 */
import { text } from 'node:stream/consumers'
import dypns from '@alicloud/dypnsapi20170525'
import core from '@alicloud/openapi-core'

export interface SdkJob {
  /** `127.0.0.1:port`. */
  endpoint: string
  accessKeyId: string
  accessKeySecret: string
  /** `v2` is what the SDK calls the older RPC signature. */
  signatureAlgorithm?: 'v2'
  /** Name of a request model and of the method, for instance `GetMobile`. */
  action: string
  request: Record<string, unknown>
}

export type SdkOutcome =
  | { kind: 'answer'; statusCode: number; body: Record<string, unknown> }
  | { kind: 'thrown'; name: string; code: string; statusCode: number | undefined; retryAfter: unknown; message: string }

type AnyMethod = (request: unknown) => Promise<{ statusCode: number; body: Record<string, unknown> }>

async function call(job: SdkJob): Promise<SdkOutcome> {
  const config = new core.$OpenApiUtil.Config({
    accessKeyId: job.accessKeyId,
    accessKeySecret: job.accessKeySecret,
    endpoint: job.endpoint,
    protocol: 'http',
    ...(job.signatureAlgorithm === undefined ? {} : { signatureAlgorithm: job.signatureAlgorithm }),
  })
  const models = dypns as unknown as Record<string, new (map: object) => unknown>
  const client = new dypns.default(config) as unknown as Record<string, AnyMethod>
  const Model = models[`${job.action}Request`]
  const method = client[`${job.action.charAt(0).toLowerCase()}${job.action.slice(1)}`]
  if (Model === undefined || method === undefined) throw new Error(`the SDK has no ${job.action}`)
  try {
    const { statusCode, body } = await method.call(client, new Model(job.request))
    return { kind: 'answer', statusCode, body }
  } catch (error) {
    const thrown = error as { name: string; code?: string; statusCode?: number; retryAfter?: unknown; message: string }
    const { name, code = '', statusCode, retryAfter, message } = thrown
    return { kind: 'thrown', name, code, statusCode, retryAfter, message }
  }
}

const jobs = JSON.parse(await text(process.stdin)) as SdkJob[]
const outcomes: SdkOutcome[] = []
if (process.argv[2] === 'together') outcomes.push(...(await Promise.all(jobs.map(call))))
else for (const job of jobs) outcomes.push(await call(job))
process.stdout.write(JSON.stringify(outcomes))

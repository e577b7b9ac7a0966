import { z } from 'zod'
import { MALFORMED_FORMS } from '../contract/fault.ts'
import { PROVIDER_IDS } from '../contract/providers.ts'
import { CEILINGS } from '../contract/shape.ts'

const ms = z.number().min(0).max(CEILINGS.durationMs)
const holdMs = z.number().min(0).max(120_000)

/** What every rule has. */
const scope = {
  share: z.number().min(0).max(1).describe('Share of tokens hit, 0 to 1.'),
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'a short name of a-z, 0-9 and - is wanted')
    .exactOptional()
    .describe('Tells rules of one id apart.'),
  providers: z.array(z.enum(PROVIDER_IDS)).min(1).exactOptional().describe('Only at these; all when left out.'),
  operations: z
    .array(z.string().min(1))
    .min(1)
    .exactOptional()
    .describe('Only for these operations, by the providers’ names, for instance loginTokenValidate.'),
  fromMs: ms
    .exactOptional()
    .describe('From here on, in milliseconds after the load is due to begin, by a token’s time of issue.'),
  toMs: ms.exactOptional().describe('Until here.'),
  ttlMs: ms.exactOptional().describe('Over by itself so long after the rule was put in force.'),
}

function rule<Id extends string, Shape extends z.core.$ZodLooseShape>(id: Id, about: string, shape: Shape) {
  return z.strictObject({ id: z.literal(id), ...scope, ...shape }).describe(about)
}

export const faultSchema = z.discriminatedUnion('id', [
  rule('error-rate', 'An error in place of an answer.', {
    answer: z
      .enum(['http', 'business'])
      .default('http')
      .describe('http: an HTTP status; business: HTTP 200 with the carrier’s system-error code.'),
    status: z.int().min(400).max(599).exactOptional().describe('With http: the status, 503 when left out.'),
    code: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'a short code is wanted')
      .exactOptional()
      .describe('With business: another result code than the system error.'),
  })
    .refine(({ answer, status }) => answer === 'http' || status === undefined, {
      message: 'status goes with answer "http"',
      path: ['status'],
    })
    .refine(({ answer, code }) => answer === 'business' || code === undefined, {
      message: 'code goes with answer "business"',
      path: ['code'],
    }),
  rule('throttle', 'The vendor’s own throttling answer.', {
    ratePerSecond: z
      .number()
      .min(0)
      .max(100_000)
      .default(0)
      .describe('So many calls a second and provider are let through. 0: every call the share draws is refused.'),
  }),
  rule('ip-refused', 'The backend’s address is not on the allow-list.', {}),
  rule('redirect', 'A redirect to another path of the same host, or to a listener on this machine.', {
    status: z.literal([301, 302, 303, 307, 308]).default(302),
    to: z
      .string()
      .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w/.-]*$/, 'an address http://127.0.0.1:port/path is wanted')
      .exactOptional()
      .describe('Where to, http://127.0.0.1:port/path; /moved on the same host when left out.'),
  }),
  rule('other-subscriber', 'Another subscriber’s answer.', {}),
  rule('clock-skew', 'The carrier’s clock is off.', { skewMs: z.number().min(-31_622_400_000).max(31_622_400_000) }),
  rule('wrong-echo', 'What the answer repeats of the request is another’s.', {}),
  rule('mislabelled', 'A whole answer whose status or result code says otherwise.', {
    status: z
      .int()
      .min(201)
      .max(599)
      .refine(status => status !== 204 && status !== 304, 'a status that may have a body is wanted')
      .exactOptional(),
    code: z
      .string()
      .regex(/^[\x20-\x7e]{0,64}$/, 'at most 64 plain characters are wanted')
      .exactOptional(),
  }).refine(({ status, code }) => status !== undefined || code !== undefined, {
    message: 'status or code must be given',
    path: ['code'],
  }),
  rule('malformed', 'A body that is no answer of the dialect.', {
    form: z.enum(MALFORMED_FORMS).exactOptional().describe('cut (in its middle) when left out.'),
  }),
  rule('wrong-content-type', 'The right body under another content type.', { contentType: z.string().default('text/html') }),
  rule('hang', 'No answer; then the connection is closed.', {
    holdMs: holdMs
      .default(10_000)
      .describe('How long the carrier keeps silent before it closes the connection, in milliseconds.'),
  }),
  rule('reset', 'A TCP reset in place of an answer.', {}),
  rule('half-close', 'A TCP FIN in place of an answer.', {}),
  rule('slow-body', 'The body drips.', { overMs: holdMs.default(5_000), chunks: z.int().min(1).max(100).default(10) }),
  rule('truncated', 'The connection ends inside the body.', { keepShare: z.number().min(0).max(0.999).default(0.5) }),
  rule('duplicate-answer', 'The answer is sent twice.', {}),
  rule('late-answer', 'The answer comes late, and the token is spent.', { lateMs: holdMs }),
])

import type { Result } from '../../src/contract/result.ts'

/** Tries every way out of text that is known: elements, attributes, raw-text elements, comments, CDATA, URLs, control characters. */
export const HOSTILE =
  '<script>__hit("script")</script><img src=x onerror="__hit(\'img\')">"onmouseover="__hit(1)\'autofocus onfocus=\'__hit(2)' +
  '</script></style></title></template></textarea></noscript>--><svg/onload=__hit(3)><a href="javascript:__hit(4)">]]>' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: must stay a string, it is bait for template engines
  '<?x ?>&lt;b&gt;${__hit(5)}{{__hit(6)}}\u0000\u0007\u001b[31m\u0085\u2028\u202e\ud800\uffff'

/** Fields with a closed vocabulary or that our own code makes; everything else can carry a target's words. */
const OURS: ReadonlySet<string> = new Set([
  'outcome',
  'verdict',
  'kind',
  'series',
  'unit',
  'family',
  'severity',
  'ref',
  'op',
  'schemaVersion',
  'model',
  'status',
  'tokenKind',
  'signature',
  'ended',
  'reason',
  'startedAt',
  'metric',
  'stat',
  'singleUse',
  'answer',
])

/** The same result with the hostile text behind every string, and as a name in every open record. */
export function hostileResult(result: Result): Result {
  return poison(result, '') as Result
}

const RECORDS: ReadonlySet<string> = new Set(['headers', 'byResult', 'vars', 'env', 'identity'])

function poison(value: unknown, key: string): unknown {
  if (typeof value === 'string') return OURS.has(key) ? value : `${value} ${HOSTILE}`
  if (Array.isArray(value)) return value.map(item => poison(item, key))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, field]) => [name, poison(field, name)] as const)
  const extra = RECORDS.has(key) ? [[`x ${HOSTILE}`, key === 'byResult' ? 1 : HOSTILE] as const] : []
  return Object.fromEntries([...entries, ...extra])
}

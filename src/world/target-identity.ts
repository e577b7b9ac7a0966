import { HarnessError } from '../contract/errors.ts'
import type { TargetIdentity } from '../contract/evidence.ts'

const LONGEST_IDENTITY = 65_536

/** What came back when a target was asked who it is. */
export interface IdentityAnswer {
  /** Undefined when the answer was none. */
  identity: TargetIdentity | undefined
  /** 0 when nothing came. */
  status: number
  /** The answer in a few words, for a sentence about it. */
  inWords: string
}

/** Asks a target who it is. Never throws: no answer is an answer. */
export async function askIdentity(url: string): Promise<IdentityAnswer> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) })
    const text = await beginningOf(response)
    return {
      identity: response.ok ? readIdentity(text) : undefined,
      status: response.status,
      inWords: `${response.status} ${response.headers.get('content-type') ?? 'without content type'}`,
    }
  } catch {
    return { identity: undefined, status: 0, inWords: 'nothing' }
  }
}

/** A target that we started must name our run id. Throws HarnessError TARGET_FOREIGN. */
export function requireOurs(answer: IdentityAnswer, url: string, path: string, runId: string): TargetIdentity {
  const { identity, inWords } = answer
  if (identity === undefined) {
    throw new HarnessError('TARGET_FOREIGN', `${url}${path} answers ${inWords}, not an identity`, {
      hint: 'let the target answer {"runId": ONETAP_RUN_ID} there, or set target.identityPath to null',
    })
  }
  if (identity.runId !== runId) {
    throw new HarnessError(
      'TARGET_FOREIGN',
      `${url} answers with run id ${String(identity.runId)}, not ${runId}: another process holds the port`,
    )
  }
  return identity
}

function readIdentity(text: string): TargetIdentity | undefined {
  try {
    const value = JSON.parse(text) as Partial<TargetIdentity> | null
    if (typeof value !== 'object' || value === null || !('runId' in value)) return undefined
    return {
      ...value,
      runId: typeof value.runId === 'string' ? value.runId : null,
      name: String(value.name ?? 'target'),
      version: String(value.version ?? ''),
      flaws: Array.isArray(value.flaws) ? value.flaws.map(String) : [],
    }
  } catch {
    return undefined
  }
}

/** A stranger may answer without end: only the beginning is read. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= LONGEST_IDENTITY) break
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_IDENTITY).toString('utf8')
}

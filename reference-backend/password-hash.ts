import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * argon2id with 19 MiB, 2 passes, 1 lane: the OWASP password storage cheat sheet's smallest recommended setting. The parameters
 * stand in each hash, so they can be raised without breaking those made before.
 */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 } as const
const TAG_BYTES = 32

export interface PasswordHasher {
  /** `argon2id$memory$passes$parallelism$salt$tag`, the last two in base64url. */
  hash(password: string): Promise<string>
  /** Does the same work whether or not there is a hash to compare with. */
  matches(password: string, hash: string | undefined): Promise<boolean>
  /** How often the work was done, for tests: time itself cannot be relied on. */
  readonly rounds: number
}

/** Work runs on the thread pool, outside the event loop. */
export function passwordHasher(): PasswordHasher {
  const counter = { rounds: 0 }
  const derive = (
    password: string,
    nonce: Buffer,
    { memory, passes, parallelism }: typeof PARAMETERS | Parameters,
  ): Promise<Buffer> => {
    counter.rounds++
    const message = Buffer.from(password.normalize('NFC'), 'utf8')
    const parameters = { message, nonce, memory, passes, parallelism, tagLength: TAG_BYTES }
    return new Promise((resolve, reject) => {
      argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)))
    })
  }
  // What an unknown user is compared with: nobody's tag.
  const nobody = { ...PARAMETERS, salt: randomBytes(16), tag: randomBytes(TAG_BYTES) }
  return {
    hash: async password => {
      const salt = randomBytes(16)
      const tag = await derive(password, salt, PARAMETERS)
      const { memory, passes, parallelism } = PARAMETERS
      return ['argon2id', memory, passes, parallelism, salt.toString('base64url'), tag.toString('base64url')].join('$')
    },
    matches: async (password, hash) => {
      const kept = hash === undefined ? undefined : readHash(hash)
      const compared = kept ?? nobody
      const tag = await derive(password, compared.salt, compared)
      return timingSafeEqual(tag, compared.tag) && kept !== undefined
    },
    get rounds() {
      return counter.rounds
    },
  }
}

interface Parameters {
  memory: number
  passes: number
  parallelism: number
}

function readHash(hash: string): Parameters & { salt: Buffer; tag: Buffer } {
  const [kind, memory, passes, parallelism, salt = '', tag = ''] = hash.split('$')
  const parts = { salt: Buffer.from(salt, 'base64url'), tag: Buffer.from(tag, 'base64url') }
  if (kind !== 'argon2id' || parts.tag.length !== TAG_BYTES) throw new Error('A password hash is of a kind nobody wrote here.')
  return { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism), ...parts }
}

import type { Call } from '../dialect.ts'
import type { TokenSubject } from './access-tokens.ts'
import type { CamaraClient } from './clients.ts'
import { signJwt } from './jwt.ts'
import { issuerOf, type OperatorContext } from './operator-context.ts'

const LIFE_SECONDS = 300

/** OpenID Connect identity token. `amr` names how the user was authenticated; its values are assumed. */
export function identityToken(
  context: OperatorContext,
  call: Call,
  { client, subject, nonce }: { client: CamaraClient; subject: TokenSubject; nonce: string | undefined },
): string {
  const iat = Math.floor(context.ports.wallMs() / 1000)
  return signJwt(
    {
      iss: issuerOf(context, call),
      sub: pairwiseSubject(context, client, subject),
      aud: client.appId,
      iat,
      exp: iat + LIFE_SECONDS,
      ...(context.ports.assume('amr') === 'absent' ? {} : { amr: [subject.byNetwork ? 'mno_network' : 'mno_user'] }),
      ...(nonce === undefined ? {} : { nonce }),
    },
    context.signingKey.privateKey,
    context.signingKey.kid,
  )
}

/**
 * Neither the number nor the same for two consumers. Whether it changes when the number gets another holder is not specified;
 * a backend must not rely on either.
 */
function pairwiseSubject({ words, operator, ports }: OperatorContext, client: CamaraClient, { index }: TokenSubject): string {
  const holder = ports.assume('sub-after-reissue') === 'changes' ? (ports.lives.history(index).contracts.at(-1)?.holder ?? 0) : 0
  return words.word(32, 'sub', operator ?? 'aggregator', client.appId, index, holder)
}

import type { Operation, Reading } from '../dialect.ts'
import { oauthResult } from './oauth-answers.ts'
import { issuerOf, type OperatorContext } from './operator-context.ts'
import { API_SCOPES } from './scopes.ts'

/** OpenID provider metadata and keys, so that a client needs one address only. */
export function discovery(context: OperatorContext): Operation[] {
  const { publicKey, kid } = context.signingKey
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
  return [
    openDocument(context, 'openid-configuration', '/.well-known/openid-configuration', metadata),
    openDocument(context, 'jwks', '/jwks', () => ({ keys: [jwk] })),
  ]
}

function openDocument(context: OperatorContext, name: string, path: string, make: (issuer: string) => unknown): Operation {
  return {
    name,
    path: context.basePath + path,
    read: (call): Reading => {
      const answer = () => oauthResult(make(issuerOf(context, call)))
      return { token: '', appId: '', signature: 'absent', settle: answer, systemError: answer }
    },
  }
}

function metadata(issuer: string): unknown {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    backchannel_authentication_endpoint: `${issuer}/bc-authorize`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    grant_types_supported: [
      'authorization_code',
      'client_credentials',
      'urn:openid:params:grant-type:ciba',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ],
    backchannel_token_delivery_modes_supported: ['poll'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['pairwise'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'offline_access', ...API_SCOPES],
  }
}

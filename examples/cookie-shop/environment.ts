import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** Operators as the shop's app names them. */
export const OPERATORS = ['CM', 'CU', 'CT'] as const
export type Operator = (typeof OPERATORS)[number]

export interface ChinaMobileAccess {
  url: string
  appId: string
  appSecret: string
}

export interface ChinaUnicomAccess {
  url: string
  apiKey: string
  packageName: string
  platformKey: KeyObject
}

export interface ChinaTelecomAccess {
  url: string
  appId: string
  appSecret: string
  privateKey: KeyObject
}

export interface Environment {
  port: number
  host: string
  runId: string | null
  /** False: the shop answers like any backend that has never heard of a test harness. */
  showsIdentity: boolean
  /** Key the carriers' notices are signed with; without it no notice is taken. */
  rebindKey: string | null
  /** Operators without an entry are not offered. */
  CM: ChinaMobileAccess | null
  CU: ChinaUnicomAccess | null
  CT: ChinaTelecomAccess | null
}

/** Reads the environment. Throws an error with one clear sentence for whoever starts the shop. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const need = (name: string): string => {
    const value = env[name]
    if (value === undefined || value === '') throw new Error(`${name} is not set`)
    return value
  }
  const key = (name: string, read: (der: Buffer) => KeyObject): KeyObject => {
    try {
      return read(Buffer.from(need(name), 'base64'))
    } catch (cause) {
      throw new Error(`${name} is not a base64 DER key`, { cause })
    }
  }
  const port = Number(env.PORT ?? '0')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT is not a port number')
  return {
    port,
    host: env.HOST ?? '127.0.0.1',
    runId: env.ONETAP_RUN_ID ?? null,
    showsIdentity: env.SHOP_NO_IDENTITY !== '1',
    rebindKey: env.SHOP_REBIND_KEY || null,
    CM: env.CMCC_URL ? { url: env.CMCC_URL, appId: need('CMCC_APP_ID'), appSecret: need('CMCC_APP_SECRET') } : null,
    CU: env.CUCC_URL
      ? {
          url: env.CUCC_URL,
          apiKey: need('CUCC_API_KEY'),
          packageName: need('CUCC_PACKAGE'),
          platformKey: key('CUCC_PLATFORM_PUBLIC_KEY', der => createPublicKey({ key: der, format: 'der', type: 'spki' })),
        }
      : null,
    CT: env.CTCC_URL
      ? {
          url: env.CTCC_URL,
          appId: need('CTCC_APP_ID'),
          appSecret: need('CTCC_APP_SECRET'),
          privateKey: key('CTCC_PRIVATE_KEY', der => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })),
        }
      : null,
  }
}

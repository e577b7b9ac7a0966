import { generateKeyPair, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'

export interface Certificates {
  /** Certificate of the authority that a backend must trust, PEM. Its key is thrown away. */
  caPem: string
  /** What the mocks serve with, PEM. */
  key: string
  cert: string
}

const DAY_MS = 86_400_000
/** Longer than any run; short enough that a forgotten trust in it ends by itself. */
const VALID_DAYS = 30

/**
 * An authority made for this start and one certificate from it for all mocks of the process. `hosts` are names and addresses the
 * mocks are called by. `nowMs`: epoch milliseconds; valid from a day before, because the backend's clock may be off.
 */
export async function makeCertificates(hosts: readonly string[], nowMs: number): Promise<Certificates> {
  const [authority, server] = await Promise.all([keyPair(), keyPair()])
  const issuer = [
    { name: 'organizationName', value: 'onetap mocks' },
    { name: 'commonName', value: 'onetap mocks, for tests only' },
  ]
  const ca = certificate(authority.publicKey, nowMs)
  ca.setSubject(issuer)
  ca.setIssuer(issuer)
  ca.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ])
  ca.sign(authority.privateKey, forge.md.sha256.create())
  const leaf = certificate(server.publicKey, nowMs)
  leaf.setSubject([{ name: 'commonName', value: 'onetap mock' }])
  leaf.setIssuer(issuer)
  leaf.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hosts.map(altName) },
    { name: 'authorityKeyIdentifier', keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes() },
  ])
  leaf.sign(authority.privateKey, forge.md.sha256.create())
  return {
    caPem: forge.pki.certificateToPem(ca),
    key: forge.pki.privateKeyToPem(server.privateKey),
    cert: forge.pki.certificateToPem(leaf),
  }
}

/** Made by OpenSSL: forge's own prime search takes seconds. */
async function keyPair(): Promise<forge.pki.rsa.KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return { privateKey: forge.pki.privateKeyFromPem(privateKey), publicKey: forge.pki.publicKeyFromPem(publicKey) }
}

function certificate(publicKey: forge.pki.rsa.PublicKey, nowMs: number): forge.pki.Certificate {
  const made = forge.pki.createCertificate()
  made.publicKey = publicKey
  // A leading zero keeps the number positive.
  made.serialNumber = `00${randomBytes(16).toString('hex')}`
  made.validity.notBefore = new Date(nowMs - DAY_MS)
  made.validity.notAfter = new Date(nowMs + VALID_DAYS * DAY_MS)
  return made
}

/** Types of RFC 5280, 4.2.1.6: 2 = DNS name, 7 = IP address. */
function altName(host: string): object {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }
}

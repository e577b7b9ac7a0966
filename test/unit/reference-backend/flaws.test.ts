import { afterEach, describe, expect, it } from 'vitest'
import { controls } from '../../../reference-backend/controls/index.ts'
import { type Patient, startPatient } from './patient.ts'
import { accounts } from './witnesses/accounts.ts'
import { carriers } from './witnesses/carriers.ts'
import { codes } from './witnesses/codes.ts'
import { edges } from './witnesses/edges.ts'
import { nonces } from './witnesses/nonces.ts'
import { notices } from './witnesses/notices.ts'
import { sessions } from './witnesses/sessions.ts'
import type { Witnesses } from './witnesses/witness.ts'

const witnesses: Witnesses = { ...accounts, ...carriers, ...codes, ...edges, ...nonces, ...notices, ...sessions }

let patient: Patient | undefined
afterEach(() => patient?.close())

describe('each flaw', () => {
  const flaws = Object.entries(controls).flatMap(([id, control]) => Object.keys(control.flaws).map(flaw => `${id}=${flaw}`))

  it('has a witness', () => {
    expect(Object.keys(witnesses).sort()).toEqual(flaws.sort())
  })

  const witnessOf = (flaw: string) => {
    const witness = witnesses[flaw]!
    return typeof witness === 'function' ? { environment: {}, show: witness } : witness
  }

  it.each(flaws)('%s is there, is reported, and honest logins still work', async flaw => {
    patient = await startPatient({ FLAWS: flaw })
    expect(patient.backend.identity.flaws).toEqual([flaw])
    const honest = await patient.login('13500000009')
    expect((await patient.me(honest.json.tokenA)).json.account.id).toBe(honest.json.account.id)
    await patient.close()
    const { environment, show } = witnessOf(flaw)
    patient = await startPatient({ ...environment, FLAWS: flaw })
    await show(patient)
  })

  it.each(flaws)('%s is absent from a sound backend', async flaw => {
    const { environment, show } = witnessOf(flaw)
    patient = await startPatient(environment)
    expect(patient.backend.identity.flaws).toEqual([])
    await expect(show(patient)).rejects.toThrow()
  })
})

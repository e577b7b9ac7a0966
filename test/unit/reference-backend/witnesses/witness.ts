import type { Patient } from '../patient.ts'

type Show = (patient: Patient) => Promise<void>

/**
 * One witness a flaw: behaviour that the sound backend refuses and that the flaw lets through. No attack code is used, so that a
 * flaw is known to be there before an attack is judged by finding it. With it, the environment it needs.
 */
export type Witnesses = Record<string, Show | { environment: Record<string, string>; show: Show }>

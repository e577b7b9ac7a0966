/**
 * A safeguard with the ways it is really got wrong. `sound` and each flaw have the same shape, so a flow calls what it is given
 * and only the control's own file knows that flaws exist.
 */
export interface Control<Make> {
  /** Equal to the file's name; users type it in FLAWS. */
  id: string
  /** What goes wrong without it, in one clause. */
  why: string
  sound: Make
  flaws: Readonly<Record<string, Make>>
}

/** Types a control; returns it unchanged. `Make` is given by name so that a flaw cannot widen it. */
export function defineControl<Make>(control: Control<NoInfer<Make>>): Control<Make> {
  return control
}

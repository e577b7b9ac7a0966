/** The element id of a part of the result document: `#/gates/0` -> `gates-0`. Reasons link by it, and every part they name carries it. */
export function anchorOf(ref: string): string {
  return ref.replace(/^#\//, '').replace(/[^A-Za-z0-9]+/g, '-')
}

/** Something to do at a time. */
export interface Deadline {
  dueMs: number
  run: () => void
}

/** Earliest first, as a binary heap in one array. */
export class DeadlineHeap {
  readonly #items: Deadline[] = []

  get earliest(): Deadline | undefined {
    return this.#items[0]
  }

  get size(): number {
    return this.#items.length
  }

  push(item: Deadline): void {
    const items = this.#items
    let place = items.length
    items.push(item)
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = items[above]
      if (parent === undefined || parent.dueMs <= item.dueMs) break
      items[place] = parent
      place = above
    }
    items[place] = item
  }

  pop(): Deadline | undefined {
    const items = this.#items
    const top = items[0]
    const item = items.pop()
    if (item === undefined || items.length === 0) return top
    let place = 0
    for (;;) {
      let below = place * 2 + 1
      const left = items[below]
      if (left === undefined) break
      const right = items[below + 1]
      if (right !== undefined && right.dueMs < left.dueMs) below++
      const child = right !== undefined && right.dueMs < left.dueMs ? right : left
      if (child.dueMs >= item.dueMs) break
      items[place] = child
      place = below
    }
    items[place] = item
    return top
  }

  clear(): void {
    this.#items.length = 0
  }
}

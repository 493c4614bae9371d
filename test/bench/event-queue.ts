/** What is to happen on virtual time, the earliest first: a binary heap. */

export interface Event {
  readonly at: number
  /** The build that ends; null: a policy wanted to be asked. */
  readonly build: string | null
}

export interface EventQueue {
  push(event: Event): void
  pop(): Event | undefined
  peek(): Event | undefined
}

export function eventQueue(): EventQueue {
  const items: Event[] = []
  const at = (index: number): number => items[index]?.at ?? Number.POSITIVE_INFINITY
  const swap = (a: number, b: number): void => {
    const kept = items[a] as Event
    items[a] = items[b] as Event
    items[b] = kept
  }
  return {
    peek: () => items[0],
    push(event) {
      items.push(event)
      for (let here = items.length - 1; here > 0; ) {
        const parent = (here - 1) >> 1
        if (at(parent) <= at(here)) return
        swap(parent, here)
        here = parent
      }
    },
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last) items[0] = last
      for (let here = 0; ; ) {
        const left = 2 * here + 1
        const least = at(left + 1) < at(left) ? left + 1 : left
        if (at(least) >= at(here)) return first
        swap(here, least)
        here = least
      }
    },
  }
}

/** What is to happen on virtual time, the earliest first; of one instant what was put in first. A binary heap. */

export interface Due<T> {
  readonly at: number
  readonly what: T
}

export interface Agenda<T> {
  push(at: number, what: T): void
  pop(): Due<T> | undefined
  peek(): Due<T> | undefined
}

export function agendaOf<T>(): Agenda<T> {
  const items: (Due<T> & { readonly order: number })[] = []
  let pushed = 0
  const isBefore = (a: number, b: number): boolean => {
    const [left, right] = [items[a], items[b]]
    if (!left || !right) return left !== undefined
    return left.at < right.at || (left.at === right.at && left.order < right.order)
  }
  const swap = (a: number, b: number): void => {
    const kept = items[a] as (typeof items)[number]
    items[a] = items[b] as (typeof items)[number]
    items[b] = kept
  }
  return {
    peek: () => items[0],
    push(at, what) {
      items.push({ at, what, order: pushed })
      pushed += 1
      for (let here = items.length - 1; here > 0; ) {
        const parent = (here - 1) >> 1
        if (!isBefore(here, parent)) return
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
        const least = isBefore(left + 1, left) ? left + 1 : left
        if (!isBefore(least, here)) return first
        swap(here, least)
        here = least
      }
    },
  }
}

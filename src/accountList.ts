/** Lists of accounts that are filled again and again. */

import type { Heap } from './math/heap.ts'

/** Accounts, as a growing list: `count` entries are valid. */
export interface AccountList {
  count: number
  readonly account: Uint32Array
}

/** An empty list with room for `capacity` accounts. */
export function accountList(capacity: number): AccountList {
  return { count: 0, account: new Uint32Array(capacity) }
}

/** Sorts a list in rising order; `queue` is empty, and is so again. */
export function sortAccounts({ account, count }: AccountList, queue: Heap): void {
  let sorted = 1
  while (sorted < count && account[sorted - 1] < account[sorted]) sorted++
  if (sorted >= count) return
  for (let k = 0; k < count; k++) queue.push(account[k], account[k])
  for (let k = 0; k < count; k++) account[k] = queue.popItem()
}

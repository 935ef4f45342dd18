/** Lists of accounts that are filled again and again. */

/** Accounts, as a growing list: `count` entries are valid. */
export interface AccountList {
  count: number
  readonly account: Uint32Array
}

/** An empty list with room for `capacity` accounts. */
export function accountList(capacity: number): AccountList {
  return { count: 0, account: new Uint32Array(capacity) }
}

/** Sorts a list in rising order. */
export function sortAccounts({ account, count }: AccountList): void {
  let sorted = 1
  while (sorted < count && account[sorted - 1] < account[sorted]) sorted++
  if (sorted < count) account.subarray(0, count).sort()
}

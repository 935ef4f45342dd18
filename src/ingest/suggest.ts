/** What a mistyped name was probably meant to be. */

/** `Did you mean x?` with the nearest of the names, or the names themselves when none is near. */
export function didYouMean(typed: string, names: readonly string[]): string {
  let best = ''
  let least = Number.POSITIVE_INFINITY
  for (const name of names) {
    const far = distance(typed.toLowerCase(), name.toLowerCase())
    if (far < least) [best, least] = [name, far]
  }
  const letters = Math.min(typed.length, LETTERS_MAX)
  if (least <= Math.max(1, Math.floor(letters / 3))) return `Did you mean ${best}?`
  const list = names.join(', ')
  if (list === '') return 'None is known here'
  return `Known here: ${list.length <= LIST_MAX ? list : `${list.slice(0, LIST_MAX)} ...`}`
}

/**
 * Letters to insert, remove, replace or swap; long words are cut, for a name never is that long.
 */
function distance(a: string, b: string): number {
  const word = a.slice(0, LETTERS_MAX)
  const name = b.slice(0, LETTERS_MAX)
  const rows = [Array.from({ length: name.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= word.length; i++) {
    const row = [i]
    for (let j = 1; j <= name.length; j++) {
      const replaced = rows[i - 1][j - 1] + (word[i - 1] === name[j - 1] ? 0 : 1)
      row[j] = Math.min(replaced, rows[i - 1][j] + 1, row[j - 1] + 1)
      const isSwap = i > 1 && j > 1 && word[i - 1] === name[j - 2] && word[i - 2] === name[j - 1]
      if (isSwap) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1)
    }
    rows.push(row)
  }
  return rows[word.length][name.length]
}

const LETTERS_MAX = 64
const LIST_MAX = 200

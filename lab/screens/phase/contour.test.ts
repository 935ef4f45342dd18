import { describe, expect, it } from 'vitest'
import { contour, type Field, meetsColumn, meetsRow, nearest, valueAt } from './contour.ts'

const fieldOf = (rows: readonly (readonly number[])[]): Field => ({
  columns: rows[0].length,
  rows: rows.length,
  at: (row, column) => rows[row][column],
})

describe('contour', () => {
  it('default: passes straight between the middles of cells', () => {
    const field = fieldOf([
      [0, 2, 4],
      [0, 4, 8],
    ])
    expect(contour(field, 1, 9)).toEqual([
      {
        isJump: false,
        places: [
          { row: 0, column: 0.5 },
          { row: 1, column: 0.25 },
        ],
      },
    ])
  })

  it('behaviour: joins squares into one line', () => {
    const field = fieldOf([0, 1, 2, 3].map((r) => [0, 1, 2, 3].map((c) => c - r)))
    const pieces = contour(field, 0.5, 9)
    expect(pieces).toHaveLength(1)
    expect(pieces[0].places).toHaveLength(6)
    for (const { row, column } of pieces[0].places) expect(column - row).toBeCloseTo(0.5, 12)
  })

  it('behaviour: goes round a hill and closes', () => {
    const field = fieldOf([
      [0, 0, 0],
      [0, 2, 0],
      [0, 0, 0],
    ])
    const [{ places }] = contour(field, 1, 9)
    expect(places).toHaveLength(5)
    expect(places[0]).toEqual(places[4])
  })

  it('behaviour: the mean of a saddle decides which corners are parted', () => {
    const parts = (high: number) =>
      contour(
        fieldOf([
          [high, 0],
          [0, high],
        ]),
        1,
        9,
      ).map(({ places }) => places.map(({ row, column }) => row + column))
    // A high mean joins the high corners: each line lies about a low one.
    for (const [a, b] of parts(4)) expect(a).not.toBeCloseTo(b, 12)
    for (const [a, b] of parts(1.5)) expect(a).toBeCloseTo(b, 12)
  })

  it('behaviour: what is known of a crossing is taken', () => {
    const field = fieldOf([
      [0, 2],
      [0, 2],
    ])
    const known = (row: number) => (row === 0 ? 0.9 : null)
    const [{ places }] = contour(field, 1, 9, known)
    expect(places.map(({ column }) => column)).toEqual([0.9, 0.5])
  })

  it('behaviour: a leap is a piece of its own', () => {
    const field = fieldOf([
      [0, 2],
      [0, 2],
      [0, 9],
      [0, 9],
    ])
    expect(contour(field, 1, 3).map(({ isJump, places }) => [isJump, places.length])).toEqual([
      [false, 3],
      [true, 2],
    ])
  })

  it('edge: an unknown corner has no line, and a flat field none at all', () => {
    expect(
      contour(
        fieldOf([
          [0, 2],
          [Number.NaN, 2],
        ]),
        1,
        9,
      ),
    ).toEqual([])
    expect(
      contour(
        fieldOf([
          [3, 3],
          [3, 3],
        ]),
        1,
        9,
      ),
    ).toEqual([])
    expect(contour(fieldOf([[0, 2]]), 1, 9)).toEqual([])
  })
})

describe('distances', () => {
  const field = fieldOf([
    [0, 2, 0],
    [0, 2, 8],
  ])

  it('default: every crossing of a row and of a column', () => {
    expect(meetsRow(field, 1, 0)).toEqual([0.5, 1.5])
    expect(meetsRow(field, 1, 1)).toEqual([0.5])
    expect(meetsColumn(field, 1, 2)).toEqual([0.125])
    expect(meetsColumn(field, 1, 0)).toEqual([])
  })

  it('law: a row meets the line where the line passes it', () => {
    const ends = contour(field, 1, 9).flatMap(({ places }) => places)
    for (const row of [0, 1])
      expect(meetsRow(field, 1, row)).toEqual(
        ends
          .filter((place) => place.row === row)
          .map(({ column }) => column)
          .sort(),
      )
  })

  it('behaviour: the nearest, and none of none', () => {
    expect(nearest([1, 4, 6], 4.9)).toBe(4)
    expect(nearest([], 1)).toBeNull()
  })

  it('behaviour: values between those of an axis', () => {
    expect(valueAt([1, 2, 4], 1.5)).toBe(3)
    expect(valueAt([1, 2, 4], 2)).toBe(4)
  })
})

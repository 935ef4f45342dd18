import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOf, hasLab, type Lab, openLab, untilRan } from './lab.suite.ts'

let lab: Lab

describe.skipIf(!hasLab)('the lab', () => {
  beforeAll(async () => {
    lab = await openLab()
  })
  afterAll(() => lab?.close())

  it('default: an example runs from a served page, without a complaint', async () => {
    await lab.visit('')
    await lab.page.getByText('eth-lending', { exact: true }).click()
    await untilRan(lab.page)
    expect(await lab.page.textContent('.chip')).toContain('eth-lending')
    expect(lab.complaints).toEqual([])
  })

  it('default: a link runs from one file on the disk, without a complaint', async () => {
    await lab.visitFile(hashOf('lab', 'eth-lending', [['shock.drop', '5%']]))
    await untilRan(lab.page)
    expect(await lab.page.textContent('main')).toContain('5.0')
    expect(lab.complaints).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { countVitest } from '../../tools/testCount.ts'

const report = (numPassedTests: number, numFailedTests: number, testResults: object[] = []): string =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults })

describe('countVitest', () => {
  it('counts tests', () => {
    expect(countVitest(report(3, 0), true)).toEqual({ passed: 3, failed: 0 })
    expect(countVitest(report(3, 2, [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]), false)).toEqual({
      passed: 3,
      failed: 2,
    })
  })
  it('counts a file that could not be loaded as a failed test', () => {
    expect(countVitest(report(3, 0, [{ status: 'failed', assertionResults: [] }]), false)).toEqual({ passed: 3, failed: 1 })
  })
  it('never reports a failed run as passed', () => {
    expect(countVitest(report(3, 0), false)).toEqual({ passed: 3, failed: 1 })
    expect(countVitest(undefined, true)).toEqual({ passed: 0, failed: 1 })
  })
})

/** Tests that ran; skipped ones are in neither. */
export type TestCount = { readonly passed: number; readonly failed: number }

type VitestReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
}

/**
 * Counts a vitest run so that nothing that went wrong is counted as nothing: a file that could not be loaded is a failed test,
 * and so is a run that failed for another reason, such as a rejection nobody handled.
 *
 * @param report - Text of vitest's JSON report; `undefined` when it wrote none.
 * @param succeeded - Whether vitest's exit code was 0.
 */
export function countVitest(report: string | undefined, succeeded: boolean): TestCount {
  if (report === undefined) return { passed: 0, failed: 1 }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report) as VitestReport
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  const failed = numFailedTests + brokenFiles.length
  return { passed: numPassedTests, failed: succeeded ? failed : Math.max(failed, 1) }
}

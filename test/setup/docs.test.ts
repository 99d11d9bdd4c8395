import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

// Half a minute, so only in the deep tier.
it.runIf(process.env['BALLAST_TEST_TIER'] === 'deep')('the API documentation builds without warnings', { timeout: 300_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/docs.ts', '--emit', 'none'], { cwd: root, encoding: 'utf8' })
  expect(status, stdout + stderr).toBe(0)
})

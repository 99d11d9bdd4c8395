import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../cli/context/projectRoot.ts'
import { entities } from '../../indexer/entities/index.ts'
import { parseWebhookSettings, verifyWebhook, webhookEventTypes, webhookHeaders } from '../../webhooks/index.ts'

const page = readFileSync(join(projectRoot, 'docs/webhooks.md'), 'utf8')

test('docs/webhooks.md: the table has every type with its words, and entities that there are', () => {
  const rows = [...page.matchAll(/^\| `([\w.]+)` \| (.+?) \| (.+?) \|$/gm)].map(([, type = '', words = '', data = '']) => ({
    type,
    words,
    data,
  }))
  const types = rows.filter(({ type }) => type.includes('.'))
  expect(Object.fromEntries(types.map(({ type, words }) => [type, words]))).toEqual(webhookEventTypes)
  const names = entities.map(({ name }) => name)
  for (const { data } of types.filter((row) => !row.data.startsWith('`'))) expect(names).toContain(data)
})

test('docs/webhooks.md: its settings are accepted, its headers are those that are sent, its function is exported', () => {
  const settings = /```json\n(\{\n {2}"schema": "ballast.webhooks"[\s\S]*?)```/.exec(page)?.[1] ?? ''
  const env = { BALLAST_WEBHOOK_SECRET_OPS: 'ab'.repeat(32), BALLAST_WEBHOOK_SECRET_ARCHIVE: 'cd'.repeat(32) }
  expect(parseWebhookSettings(JSON.parse(settings), env)).toMatchObject({
    confirmations: 12,
    endpoints: [{ name: 'ops' }, { name: 'archive', events: null }],
  })
  for (const header of Object.values(webhookHeaders)) expect(page).toContain(`\`${header}\``)
  expect(page).toContain(verifyWebhook.name)
})

test('webhook settings: every problem of the file at once', () => {
  const broken = {
    schema: 'ballast.webhooks',
    version: 1,
    confirmations: -1,
    endpoints: [{ name: 'Ops', url: 'https://a.example/', events: ['all'] }],
    more: 1,
  }
  expect(() => parseWebhookSettings(broken, {})).toThrow(/confirmations: .*endpoints\.0\.name: .*endpoints\.0\.events\.0: .*the file: /)
})

// A process that delivers an outbox until it is killed. Arguments: file, URL, secret as hex.
import { createDeliverer, openOutbox } from '../../webhooks/index.ts'

const [path = '', url = '', secret = ''] = process.argv.slice(2)
const outbox = openOutbox(path)
const endpoints = [{ name: 'ops', url, events: null, secrets: [Buffer.from(secret, 'hex')] }]
for (let i = 0; i < 5; i++)
  outbox.add(
    {
      schema: 'ballast.event',
      version: 1,
      id: `event-${i}`,
      type: 'round.accepted',
      chain: 'eip155:1',
      time: i,
      block: i,
      transaction: null,
      data: {},
    },
    endpoints,
  )
process.stdout.write('ready\n')
await createDeliverer({ outbox, endpoints, now: () => Math.floor(Date.now() / 1_000), retry: { firstSeconds: 0 } }).run({
  signal: new AbortController().signal,
  intervalMilliseconds: 20,
})

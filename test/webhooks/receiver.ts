import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string }
export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** Status of the next answers; `hang` never answers. */
  answer: number | 'hang'
  readonly close: () => Promise<void>
}

/** A real HTTP server that writes down what arrives. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    incoming.on('end', () => {
      received.push({ headers: incoming.headers, body })
      if (receiver.answer === 'hang') return
      outgoing.writeHead(receiver.answer, receiver.answer === 302 ? { location: 'https://elsewhere.example/' } : {}).end('thanks')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: 200,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return receiver
}

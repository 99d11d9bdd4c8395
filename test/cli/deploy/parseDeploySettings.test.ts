import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultProtocolSettings } from '../../../chain/deploy/index.ts'
import { readDeploySettings } from '../../../cli/deploy/parseDeploySettings.ts'
import { ConfigurationError } from '../../../risk/errors/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'ballast-settings-'))
const catalogue = join(import.meta.dirname, '../../../config/catalogues/ballast.json')
const owner = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

function read(protocol: object): ReturnType<typeof readDeploySettings> {
  const file = join(folder, 'deploy.json')
  const governance = { kind: 'existing', owner, governor: null, token: null }
  writeFileSync(file, JSON.stringify({ schema: 'ballast.deploy', version: 1, catalogue, protocol, governance }))
  return readDeploySettings(file)
}

describe('readDeploySettings', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('has the defaults of the rules page, and no sequencer', () => {
    expect(read({}).protocol).toEqual(defaultProtocolSettings)
    expect(defaultProtocolSettings).toMatchObject({ sequencer: null, sequencerGrace: 3_600 })
    expect(read({ sequencer: null }).protocol.sequencer).toBeNull()
  })
  it('reads the uptime feed of a sequencer and its grace', () => {
    expect(read({ sequencer: owner.toLowerCase(), sequencerGrace: 600 }).protocol).toEqual({
      ...defaultProtocolSettings,
      sequencer: owner,
      sequencerGrace: 600,
    })
  })
  it('names what is no address and what is no number of seconds, both at once', () => {
    expect(() => read({ sequencer: '0x12', sequencerGrace: -1 })).toThrow(ConfigurationError)
    expect(() => read({ sequencer: '0x12', sequencerGrace: -1 })).toThrow(/sequencer.*sequencerGrace/s)
  })
})

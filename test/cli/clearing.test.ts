import { describe, expect, test } from 'vitest'
import { runCli } from './runCli.ts'

describe('commands of clearing say what is wrong', () => {
  test.each([
    [['drill', '--data', '/nowhere', '--from', '2020-03-11'], 'has no folder ohlcv'],
    [['drill', '--data', '.'], '--data needs --from'],
    [['drill', '--from', '2020-03-11T00:30Z'], 'begins on the hour'],
    [['drill', '--from', '2020-03-11', '--to', '2020-03-10'], 'is not after'],
    [['drill', '--seed', '1,,2'], '--seed'],
    [['drill', '--seed', '1,1'], 'named once'],
    [['drill', '--controller', 'maybe'], 'on, off or both'],
    [['drill', '--accounts', '0'], '--accounts'],
    [['drill', '--market', 'DOGE', '--accounts', '1'], 'DOGE'],
    [['liquidator', 'run', '--vol', '0'], 'a number in [1, 2000]'],
    [['liquidator', 'run', '--once'], 'No chain was named'],
    [['account', 'list'], 'No chain was named'],
    [['deploy', 'clearing', '--confirmations', '0'], '--confirmations'],
    [['deploy', 'clearing'], 'No chain was named'],
    [['account', 'show', 'nobody'], 'an address'],
  ])('%j', async (args, words) => {
    const { code, err } = await runCli(args)
    expect(code).not.toBe(0)
    expect(err).toContain(words)
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { accountNoun } from './account.ts'
import { adapterNoun } from './adapter.ts'
import { auditNoun } from './audit.ts'
import { indexNoun } from './chainIndex.ts'
import { configNoun } from './config.ts'
import { projectRoot } from './context/projectRoot.ts'
import { controllerNoun } from './controller.ts'
import { delegateNoun } from './delegate.ts'
import { deployNoun } from './deploy.ts'
import { doctorCommand } from './doctor.ts'
import { drillCommand } from './drill.ts'
import { explainCommand } from './explain.ts'
import { keyNoun } from './key.ts'
import type { Terminal } from './kit/Terminal.ts'
import { liquidatorNoun } from './liquidator.ts'
import { looseningNoun } from './loosening.ts'
import { paramNoun } from './param.ts'
import { proposalNoun } from './proposal.ts'
import { riskNoun } from './risk.ts'
import { roundNoun } from './round.ts'

/** The whole command line: one noun per file. */
export function buildProgram(terminal: Terminal): Command {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { readonly version: string }
  return new Command('ballast')
    .description('Ballast steers the risk parameters of an options market inside ranges that its DAO approved, and proves every number.')
    .version(version)
    .addHelpText('before', examples)
    .addCommand(controllerNoun(terminal))
    .addCommand(paramNoun(terminal))
    .addCommand(looseningNoun(terminal))
    .addCommand(roundNoun(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(auditNoun(terminal))
    .addCommand(indexNoun(terminal))
    .addCommand(proposalNoun(terminal))
    .addCommand(delegateNoun(terminal))
    .addCommand(riskNoun(terminal))
    .addCommand(accountNoun(terminal))
    .addCommand(liquidatorNoun(terminal))
    .addCommand(drillCommand(terminal))
    .addCommand(deployNoun(terminal))
    .addCommand(adapterNoun(terminal))
    .addCommand(keyNoun(terminal))
    .addCommand(configNoun(terminal))
    .addCommand(doctorCommand(terminal))
}

const examples = `Examples:
  ballast param list                                          # what the parameters are
  ballast explain margin.priceScanRange --at 2020-03-12T11:00Z  # why one is what it is
  ballast audit verify                                        # prove the history complete
`

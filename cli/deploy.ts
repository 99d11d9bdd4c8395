import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { applyDeployment, type DeploymentPlan, type DeploymentSettings, planDeployment, verifyDeployment } from '../chain/deploy/index.ts'
import { openClient, openNode } from './context/openNode.ts'
import { confirm, type KeyOption, openSender } from './context/openSender.ts'
import { projectRoot } from './context/projectRoot.ts'
import { clearingVerb } from './deploy/clearingVerb.ts'
import { compareVerb } from './deploy/compareVerb.ts'
import { forkVerb } from './deploy/forkVerb.ts'
import { readDeploySettings } from './deploy/parseDeploySettings.ts'
import { CliError } from './kit/CliError.ts'
import type { Colours } from './kit/colours.ts'
import { defineCommand, defineNoun } from './kit/defineCommand.ts'
import { addChainOptions, addSendOptions, type ChainOptions, type SendOptions } from './kit/options.ts'
import type { Terminal } from './kit/Terminal.ts'
import { formatTable } from './kit/table.ts'
import { grouped } from './kit/values.ts'

/** `ballast deploy`: the contracts, with a new DAO or an existing owner. */
export function deployNoun(terminal: Terminal): Command {
  return defineNoun('deploy', 'plan, deploy and verify the contracts; rehearse on a copy, compare a successor', [
    planVerb(terminal),
    applyVerb(terminal),
    clearingVerb(terminal),
    verifyVerb(terminal),
    forkVerb(terminal),
    compareVerb(terminal),
  ])
}

type SettingsOption = ChainOptions & { readonly settings: string }

const artifacts = join(projectRoot, 'artifacts')

function addSettingsOption(command: Command): Command {
  return command.option('--settings <file>', 'settings of the deployment', 'config/deploy/local.json')
}

/** Relative to the caller's folder, the default relative to the project. */
function openSettings({ settings }: SettingsOption, terminal: Terminal): DeploymentSettings {
  return readDeploySettings(resolve(settings === 'config/deploy/local.json' ? projectRoot : terminal.folder, settings))
}

function planVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'plan',
      summary: 'show what would be deployed: contracts, delays, owner, veto, warnings',
      details: 'Sends nothing.',
      examples: [
        { run: 'deploy plan --settings config/deploy/local.json --rpc http://127.0.0.1:8545', what: 'read it before a deployment' },
      ],
    },
    (command) => addChainOptions(addSettingsOption(command), 'noDeployment'),
    async (_args, options: SettingsOption, context) => {
      const { client } = await openClient(options, context)
      const plan = await planDeployment(client, openSettings(options, terminal), artifacts)
      context.output.result(planDocument(plan), (colours) => planText(plan, colours))
    },
  )
}

function planDocument(plan: DeploymentPlan): { readonly schema: string; readonly version: number } & DeploymentPlan {
  return { schema: 'ballast.deploymentPlan', version: 1, ...plan }
}

function planText(plan: DeploymentPlan, colours: Colours): string {
  return [
    colours.strong(`Deployment on chain ${plan.chainId}`),
    formatTable(
      [{ title: 'contract' }, { title: 'bytes of code', align: 'right' }],
      plan.contracts.map(({ name, bytes }) => [name, grouped(bytes)]),
      colours.dim,
    ),
    '',
    formatTable(
      [{ title: 'contract' }, { title: 'setting' }, { title: 'value' }],
      plan.settings.map(({ contract, setting, value }) => [contract, setting, value]),
      colours.dim,
    ),
    '',
    `Owner of the parameters: ${plan.owner}.`,
    `Veto by holders: ${plan.vetoDenominator}.`,
    `Catalogue: ${plan.catalogue}.`,
    'At the end the deployer holds no role; the command proves it.',
    ...plan.warnings.map((warning) => `${colours.warn('warning:')} ${warning}`),
  ].join('\n')
}

type ApplyOptions = SettingsOption & SendOptions & KeyOption & { readonly confirmations: string; readonly folder: string }

function applyVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'apply',
      summary: 'deploy, or continue a deployment that was interrupted',
      details:
        'Without --send it shows the plan. Every step is journalled in the folder, so that a second call continues; a successor on the same chain needs a folder of its own. ' +
        'The key comes from --keystore (password in BALLAST_KEYSTORE_PASSWORD) or from BALLAST_PRIVATE_KEY.',
      examples: [
        { run: 'deploy apply --rpc http://127.0.0.1:8545', what: 'the plan, nothing is sent' },
        { run: 'deploy apply --rpc http://127.0.0.1:8545 --send', what: 'asks, then deploys and proves the roles' },
      ],
    },
    (command) =>
      addSendOptions(
        addChainOptions(
          addSettingsOption(command)
            .option('--keystore <file>', 'keystore file of the deployer')
            .option('--confirmations <number>', 'blocks to wait for after each transaction', '1')
            .option('--folder <folder>', 'where addresses and journal are written', 'deployments'),
          'noDeployment',
        ),
      ),
    async (_args, options: ApplyOptions, context) => {
      const { client, chainId } = await openClient(options, context)
      const settings = openSettings(options, terminal)
      const plan = await planDeployment(client, settings, artifacts)
      if (options.send !== true) {
        context.output.result(
          { ...planDocument(plan), sent: false },
          (colours) => `${planText(plan, colours)}\n\nNothing was sent. Add --send to deploy.`,
        )
        return
      }
      const confirmations = Number(options.confirmations)
      if (!Number.isSafeInteger(confirmations) || confirmations < 1)
        throw new CliError('usage', `--confirmations is ${options.confirmations}; it must be at least 1.`)
      const folder = resolve(options.folder === 'deployments' ? projectRoot : terminal.folder, options.folder)
      const deployer = await openSender(options, context)
      context.output.say(planText(plan, context.output.colours))
      await confirm(`Deploy on chain ${chainId} from ${deployer.address}?`, options.yes, context)
      const { deployment, roles } = await applyDeployment({
        client,
        deployer,
        settings,
        artifacts,
        folder,
        confirmations,
      })
      context.output.result({ schema: 'ballast.deploymentApplied', version: 1, sent: true, deployment, roles }, (colours) =>
        [
          colours.good(`✓ deployed on chain ${chainId}; ${roles.length} role checks hold`),
          formatTable(
            [{ title: 'contract' }, { title: 'address' }],
            Object.entries(deployment.contracts).map(([name, address]) => [name, address ?? 'none']),
            colours.dim,
          ),
          `Written to ${relative(terminal.folder, join(folder, `${chainId}.json`))}.`,
        ].join('\n'),
      )
    },
  )
}

function verifyVerb(terminal: Terminal): Command {
  return defineCommand(
    terminal,
    {
      name: 'verify',
      summary: 'compare a deployment with code, settings and catalogue here, and prove its roles',
      details: 'Exit code 7 when anything differs.',
      examples: [{ run: 'deploy verify --rpc http://127.0.0.1:8545', what: 'code, delays, catalogue, roles' }],
    },
    (command) => addChainOptions(addSettingsOption(command)),
    async (_args, options: SettingsOption, context) => {
      const { client, deployment, chainId } = await openNode(options, context)
      const checks = await verifyDeployment(client, deployment, openSettings(options, terminal), artifacts)
      const failed = checks.filter(({ holds }) => !holds)
      context.output.result({ schema: 'ballast.deploymentVerdict', version: 1, chainId, ok: failed.length === 0, checks }, (colours) =>
        [
          ...checks.map(({ subject, expected, actual, holds }) =>
            holds ? `${colours.good('✓')} ${subject}` : `${colours.bad('✗')} ${subject}: expected ${expected}, got ${actual}`,
          ),
          failed.length === 0
            ? colours.good(`✓ ${checks.length} checks hold`)
            : colours.bad(`✗ ${failed.length} of ${checks.length} checks fail`),
        ].join('\n'),
      )
      if (failed.length > 0) throw new CliError('checkFailed', `${failed.length} checks fail.`)
    },
  )
}

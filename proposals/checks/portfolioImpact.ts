import type { Check } from './Check.ts'

const usd = (value: number): string => `${Math.round(value).toLocaleString('en-US')} USD`
/** Above this share of equity in newly liquidatable notional, voters should know before anything else. */
const LARGE_SHARE = 0.05
/** A mark older than this says little about today's accounts. */
const STALE_SECONDS = 6 * 3_600

/** Who becomes liquidatable, and how margin, expected shortfall and Cover-2 move. Margin that changes without figures is an error. */
export const portfolioImpact: Check = {
  name: 'portfolio-impact',
  title: 'The effect on portfolios is known.',
  check: ({ risk, state }) => {
    if (risk.kind === 'unaffected') return { info: ['No value that margin reads is changed.'], warnings: [], errors: [] }
    if (risk.kind === 'missing') return { info: [], warnings: [], errors: [`The effect on portfolios cannot be computed: ${risk.reason}`] }
    const findings = { info: [] as string[], warnings: [] as string[], errors: [] as string[] }
    for (const { market, before, after, newly, cover, observedAt, synthetic, origin } of risk.markets) {
      findings.info.push(
        `${market}: ${after.accounts} accounts from ${origin}${synthetic.length > 0 ? ` (synthetic: ${synthetic.join(', ')})` : ''}.`,
        `${market}: maintenance ${usd(before.maintenance)} to ${usd(after.maintenance)}, initial ${usd(before.initial)} to ${usd(after.initial)}.`,
        `${market}: liquidatable accounts ${before.liquidatable} to ${after.liquidatable}.`,
      )
      const age = state.time - observedAt
      if (age > STALE_SECONDS)
        findings.warnings.push(`${market}: the accounts are as of ${Math.round(age / 3_600)} h before the pinned block.`)
      if (newly.accounts > 0) {
        const words = `${market}: ${newly.accounts} ${newly.accounts === 1 ? 'account becomes' : 'accounts become'} liquidatable, ${usd(newly.notional)} of notional.`
        findings.warnings.push(words)
        if (newly.notional > LARGE_SHARE * Math.max(1, after.equity))
          findings.warnings.push(`${market}: that is more than ${LARGE_SHARE * 100} % of all equity; tighten in steps.`)
      }
      if (cover === null) findings.warnings.push(`${market}: no stress scenarios are defined, so Cover-2 is not known.`)
      else if (cover.after.drawnDown > cover.before.drawnDown * 1.001)
        findings.warnings.push(
          `${market}: Cover-2 with margins drawn down grows from ${usd(cover.before.drawnDown)} to ${usd(cover.after.drawnDown)}.`,
        )
    }
    return findings
  },
}

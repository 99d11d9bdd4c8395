import { html, type SafeHtml } from '../kit/html.ts'
import { isoTime, shortTime } from '../kit/time.ts'
import { humanAndRaw, humanUsd, humanValue, relativeChange, significant } from '../kit/values.ts'
import { drawHistory } from './drawHistory.ts'
import type { Explanation } from './Explanation.ts'
import { pageStyle } from './pageStyle.ts'
import { comparisonCaveat, comparisonRows, type StaticComparison } from './StaticComparison.ts'
import type { Step } from './Step.ts'
import { holdWords, reasonWords, termValue, writerWords } from './words.ts'

/** The explain screen as one page without scripts or outside references. */
export function renderExplanationHtml(explanation: Explanation): string {
  const { id, scope, unit, value, previous, entry, steps, verified } = explanation
  const title = `${id} of ${scope} at ${shortTime(explanation.at)} UTC`
  const change = previous === null ? '' : `before ${humanAndRaw(previous, unit)}, ${relativeChange(previous, value)}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: pageStyle }}</style>
</head>
<body>
<header>
<p class="kicker">Why this number</p>
<h1>${id} <span class="scope">${scope}</span></h1>
<p class="value">${humanValue(value, unit)} <span class="raw">stored ${value}</span></p>
<p>${explanation.description}</p>
<dl class="summary">
<div><dt>Asked for</dt><dd><time datetime="${isoTime(explanation.at)}">${shortTime(explanation.at)} UTC</time></dd></div>
<div><dt>In force since</dt><dd>${shortTime(entry.time)} UTC</dd></div>
<div><dt>Change</dt><dd>${change === '' ? 'first value' : change}</dd></div>
<div><dt>Range</dt><dd>${humanValue(explanation.floor, unit)} to ${humanValue(explanation.ceiling, unit)}</dd></div>
<div><dt>Written by</dt><dd>${writerWords(entry.writer)}, ${reasonWords(entry.reason)}</dd></div>
</dl>
${explanation.synthetic.length === 0 ? '' : html`<p class="caveat">Synthetic input: ${explanation.synthetic.join(', ')}.</p>`}
<p class="verdict ${verified ? 'verified' : 'failed'}">${verdictText(steps, verified)}</p>
</header>
<main>
<section aria-labelledby="picture"><h2 id="picture">Value and price</h2>${drawHistory(explanation)}</section>
<section aria-labelledby="steps"><h2 id="steps">From the stored word to the raw bars</h2>
<ol class="steps">${steps.map(stepHtml)}</ol></section>
${explanation.policy === null ? '' : policyHtml(explanation)}
${explanation.against === null ? '' : comparisonHtml(explanation.against)}
</main>
</body>
</html>
`
  return page.html
}

function verdictText(steps: readonly Step[], verified: boolean): string {
  const count = (status: Step['status']): number => steps.filter((step) => step.status === status).length
  if (verified) return `✓ ${count('verified')} of ${count('verified')} steps recomputed and verified`
  return `✗ ${count('failed')} failed, ${count('verified')} verified, ${count('blocked')} not claimed`
}

const marks: Readonly<Record<Step['status'], string>> = { verified: '✓', failed: '✗', blocked: '?', absent: '–' }

function stepHtml(step: Step): SafeHtml {
  return html`<li class="step ${step.status}" id="step-${step.id}">
<h3><span class="mark" role="img" aria-label="${step.status}">${marks[step.status]}</span> ${step.title}</h3>
<p>${step.says}</p>
${step.facts.length === 0 ? '' : html`<dl class="facts">${step.facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
${step.how === '' ? '' : html`<p class="how">${step.how}</p>`}
${step.expected === null ? '' : html`<p class="mismatch"><b>expected</b> <code>${step.expected}</code><br><b>got</b> <code>${step.got ?? ''}</code></p>`}
${step.status === 'blocked' ? html`<p class="mismatch">Not claimed: it rests on ${step.blockedBy.join(', ')}.</p>` : ''}
</li>
`
}

function policyHtml({ policy, unit }: Explanation): SafeHtml {
  if (policy === null) return html``
  return html`<section aria-labelledby="policy"><h2 id="policy">From signals to the number</h2>
<table><thead><tr><th scope="col">Term</th><th scope="col" class="number">Value</th></tr></thead><tbody>
${policy.terms.map((term) => html`<tr><td>${term.name}</td><td class="number">${termValue(term)}</td></tr>`)}
<tr class="total"><td>target</td><td class="number">${policy.target === null ? 'an input is absent' : humanAndRaw(policy.target, unit)}</td></tr>
${policy.clips.map(
  (clip) =>
    html`<tr class="clip"><td>cut by ${clip.bound} (limit ${significant(clip.limit)})</td><td class="number">${humanAndRaw(clip.from, unit)} → ${humanAndRaw(clip.to, unit)}</td></tr>`,
)}
<tr class="total"><td>proposed</td><td class="number">${humanAndRaw(policy.proposed, unit)}</td></tr>
</tbody></table>
${policy.held === null ? '' : html`<p>Held: ${holdWords(policy.held)}.</p>`}
${policy.flags.length === 0 ? '' : html`<p class="caveat">Flags: ${policy.flags.join(', ')}.</p>`}
</section>`
}

function comparisonHtml(comparison: StaticComparison): SafeHtml {
  const rows = comparisonRows(comparison, humanUsd).map(
    ([name, controller, frozen]) => html`<tr><td>${name}</td><td class="number">${controller}</td><td class="number">${frozen}</td></tr>`,
  )
  return html`<section aria-labelledby="against"><h2 id="against">The same accounts under static defaults</h2>
<p>${shortTime(comparison.from)} to ${shortTime(comparison.to)} UTC, ${comparison.ticks} ticks, ${comparison.accounts} accounts.</p>
<p class="caveat">${comparisonCaveat}</p>
<table><thead><tr><th scope="col"></th><th scope="col" class="number">Controller</th><th scope="col" class="number">Static</th></tr></thead><tbody>
${rows}
</tbody></table></section>`
}

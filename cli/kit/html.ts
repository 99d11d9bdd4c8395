const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** A text as it may stand in HTML, inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** HTML that is safe to put into a page. */
export type SafeHtml = { readonly html: string }

/**
 * Template for HTML: every value is escaped unless it is {@link SafeHtml} itself; lists are joined.
 */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | SafeHtml | readonly SafeHtml[])[]): SafeHtml {
  const text = strings.map((part, i) => {
    const value = values[i]
    return part + (value === undefined ? '' : render(value))
  })
  return { html: text.join('') }
}

function render(value: string | number | SafeHtml | readonly SafeHtml[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'html' in value ? value.html : value.map((item) => item.html).join('')
}

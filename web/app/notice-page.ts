/** Pages that stand where a workspace cannot be opened: each says what happened and what to do. */
import { LitElement, css, html, type TemplateResult } from 'lit'
import { ApiError } from '#sdk/client/errors.ts'
import { base } from '../ui/styles.ts'
import { messageOf } from '../ui/message-of.ts'

const LINK = 'npm run flowcell -- server link'
const START = 'npm start'

export class FcNoticePage extends LitElement {
  static override properties = { failure: { attribute: false } }
  declare failure: { readonly code: string; readonly message: string } | undefined
  static override styles = [
    base,
    css`
      :host {
        display: block;
        max-width: 60ch;
        margin: 14vh auto;
        padding: 0 var(--space-4);
      }
      header {
        margin-bottom: var(--space-6);
      }
      header a {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--ink);
        font-weight: 650;
        text-decoration: none;
      }
      h1 {
        font-size: var(--text-xl);
      }
      p {
        margin: var(--space-2) 0 var(--space-4);
        color: var(--ink-2);
      }
      pre {
        margin-bottom: var(--space-4);
        padding: var(--space-2) var(--space-3);
        border: var(--hair);
        border-radius: var(--radius-s);
        background: var(--paper-2);
      }
    `,
  ]

  override render() {
    return html`<header>
        <a href="/"><img src="/favicon.svg" alt="" width="26" height="26" /><span>Flowcell</span></a>
      </header>
      <main>${this.#say()}</main>`
  }

  #say(): TemplateResult {
    const again = html`<button class="primary" @click=${() => location.reload()}>Try again</button>`
    const code = this.failure?.code ?? ''
    if (code === 'unreachable')
      return html`<h1 tabindex="-1">The server does not answer</h1>
        <p>It may have been stopped, or this computer is offline. On the machine that runs it, this starts it again; everything is kept.</p>
        <pre tabindex="0"><code>${START}</code></pre>
        ${again}`
    if (code === 'unauthenticated')
      return html`<h1 tabindex="-1">This browser needs a link</h1>
        <p>
          The link was cut off, has ended or was revoked, or this browser has not opened one yet. Ask who shared the workspace for a new
          one, or print one on the machine that runs the server:
        </p>
        <pre tabindex="0"><code>${LINK}</code></pre>
        <p><a href="/">Workspaces that this browser has opened</a></p>`
    if (code === 'protocol_mismatch')
      return html`<h1 tabindex="-1">This page is of another version</h1>
        <p>The server was updated since this page was loaded. What you have typed is kept in this browser.</p>
        ${again}`
    return html`<h1 tabindex="-1">The workspace could not be opened</h1>
      <p>${this.failure?.message ?? ''}</p>
      ${again}`
  }
}
customElements.define('fc-notice-page', FcNoticePage)

export function noticePage(error: unknown): FcNoticePage {
  const page = document.createElement('fc-notice-page') as FcNoticePage // defined above
  page.failure = error instanceof ApiError ? error : { code: 'unexpected', message: messageOf(error) }
  return page
}

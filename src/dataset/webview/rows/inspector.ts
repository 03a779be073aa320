import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatBytes, formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { copyIcon, errorIcon, warningIcon } from '../../../webview/icons.ts';
import type { MediaDrawing } from './cells.ts';
import { mediumView } from './cells.ts';
import type { TreeState } from './jsonTree.ts';
import { jsonTree } from './jsonTree.ts';
import type { RowDetails, ShownMedium, Turn } from './protocol.ts';

export const TABS = ['Conversation', 'Tree', 'Raw'] as const;
export type Tab = (typeof TABS)[number];

export interface InspectorState {
  readonly details: RowDetails | undefined;
  readonly tab: Tab;
  readonly tree: TreeState;
}

export interface InspectorActions {
  choose(tab: Tab): void;
  copy(text: string): void;
}

export function inspectorView({ details, tab, tree }: InspectorState, actions: InspectorActions, media: MediaDrawing): TemplateResult {
  const tabs = TABS.filter((name) => name !== 'Conversation' || details?.turns !== undefined);
  const shown = tabs.includes(tab) ? tab : 'Tree';
  return html`<aside class="inspector" data-region="inspector" aria-label="Row">
    <div class="tabs" role="tablist">
      ${tabs.map((name) => html`<button role="tab" aria-selected=${name === shown} @click=${() => actions.choose(name)}>${name}</button>`)}
      <span class="where dim number">${details === undefined ? '' : `row ${formatCount(details.index + 1)}`}</span>
    </div>
    <div class="content" role="tabpanel" aria-label=${shown} tabindex="0">${details === undefined ? nothing : content(details, shown, tree, media)}</div>
    ${details === undefined ? nothing : foot(details, actions)}
  </aside>`;
}

function content(details: RowDetails, tab: Tab, tree: TreeState, media: MediaDrawing): unknown {
  const { problem, turnsProblem } = details;
  return html`${problem === undefined ? nothing : note(errorIcon, 'error', placed(problem))}
  ${turnsProblem === undefined ? nothing : note(warningIcon, 'warning', turnsProblem)} ${tab === 'Conversation' ? conversation(details, media) : tab === 'Tree' ? treeOf(details, tree, media) : raw(details)}`;
}

export function placed({ message, line, column }: NonNullable<RowDetails['problem']>): string {
  return line === undefined ? message : `${message} Line ${formatCount(line)}${column === undefined ? '' : `, column ${formatCount(column)}`}.`;
}

function note(sign: string, kind: string, words: string): TemplateResult {
  return html`<div class="remark">${icon(sign, kind)}<span>${words}</span></div>`;
}

const ANSWERS = new Set(['assistant', 'gpt', 'model', 'bot']);

function conversation({ turns = [], index }: RowDetails, media: MediaDrawing): TemplateResult {
  return html`<ol class="turns">
    ${turns.map(
      (turn) => html`<li class="turn ${ANSWERS.has(turn.role.toLowerCase()) ? 'answer' : turn.role.toLowerCase()}">
        <p class="role"><span class="mark" aria-hidden="true"></span>${turn.role}</p>
        ${turn.parts.length === 0 ? html`<i class="unknown">empty</i>` : turn.parts.map((part) => partView(part, index, media))}
      </li>`,
    )}
  </ol>`;
}

function partView(part: Turn['parts'][number], index: number, media: MediaDrawing): TemplateResult {
  if ('text' in part) {
    return html`<p class="said">${part.text}</p>`;
  }
  if ('missing' in part) {
    return html`<p class="lost medium">${icon(warningIcon, 'error')}${part.missing}</p>`;
  }
  return attachment(part.medium, index, media);
}

function attachment(medium: ShownMedium, index: number, media: MediaDrawing): TemplateResult {
  return html`<div class="attachment">${mediumView(medium, index, media)}${medium.found && medium.kind === 'image' ? html`<span class="name">${medium.name}</span>` : nothing}</div>`;
}

function treeOf({ json, jsonLength, media: found, index }: RowDetails, tree: TreeState, media: MediaDrawing): unknown {
  let value: unknown;
  try {
    value = json === undefined || jsonLength !== undefined ? undefined : JSON.parse(json);
  } catch {
    value = undefined;
  }
  const attachments = found.length === 0 ? nothing : html`<div class="attachments">${found.slice(0, 20).map((medium) => attachment(medium, index, media))}</div>`;
  if (typeof value === 'object' && value !== null) {
    return html`${attachments}${jsonTree(value, tree)}`;
  }
  return html`${attachments}${json === undefined ? html`<p class="unknown">The row has no values.</p>` : html`<p class="unknown">The first part of ${formatBytes(jsonLength ?? json.length)}</p><pre>${json}</pre>`}`;
}

function raw({ raw: text, rawLength }: RowDetails): TemplateResult {
  const shown = new Blob([text]).size;
  return html`<pre>${text}</pre>${rawLength > shown ? html`<p class="unknown">the first ${formatBytes(shown)} of ${formatBytes(rawLength)}</p>` : nothing}`;
}

function foot({ rawLength, offset, raw: text }: RowDetails, actions: InspectorActions): TemplateResult {
  return html`<div class="foot dim number">
    <span>${formatBytes(rawLength)}${offset === undefined ? '' : ` at byte ${formatCount(offset)}`}</span>
    <button class="icon-button" title="Copy the row as it is in the file" aria-label="Copy the row as it is in the file" @click=${() => actions.copy(text)}>${icon(copyIcon)}</button>
  </div>`;
}

import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Uri, Webview } from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { Endpoint } from '../base/endpoint.ts';
import type { Handlers, Params, Result } from '../base/endpoint.ts';
import { ReplyError } from '../base/replyError.ts';

export interface WebviewHostOptions<Host> {
  readonly webview: Pick<Webview, 'html' | 'options' | 'cspSource' | 'asWebviewUri' | 'postMessage' | 'onDidReceiveMessage'>;
  readonly extensionUri: Uri;
  /** The page's script and style sheet: `dist/pages/NAME.js` and `.css`. */
  readonly page: string;
  readonly title: string;
  readonly handlers: Handlers<Host>;
  /** Whether the page shows pictures or plays sound and video out of bytes that it was sent (blob: and data:). */
  readonly showsMedia?: boolean;
  /** The page listens, for the first time or once more after it was hidden or reloaded: it has nothing yet. */
  readonly onReady: () => void;
  /** Milliseconds after which a request to the page counts as not answered. */
  readonly timeout?: number;
}

/** A webview's host side. Requests of the page go to `handlers`; what is sent before the page listens waits for it. */
export class WebviewHost<Host, Page> implements Disposable {
  private readonly endpoint: Endpoint<Page, Host & { ready(): void }>;
  private readonly listener: Disposable;
  private ready = false;
  private disposed = false;
  private waiting: unknown[] = [];

  constructor(private readonly options: WebviewHostOptions<Host>) {
    const { webview, extensionUri, handlers, timeout } = options;
    const withReady = { ...handlers, ready: () => this.onReady() } as unknown as Handlers<Host & { ready(): void }>;
    this.endpoint = new Endpoint((message) => this.send(message), withReady, timeout);
    this.listener = webview.onDidReceiveMessage((message) => this.endpoint.receive(message));
    const pages = extensionUri.with({ path: `${extensionUri.path.replace(/\/$/, '')}/dist/pages` });
    webview.options = { enableScripts: true, enableForms: false, enableCommandUris: false, localResourceRoots: [pages] };
    webview.html = this.html(pages);
  }

  request<K extends keyof Page & string>(method: K, ...params: Params<Page, K>): Promise<Result<Page, K>> {
    return this.endpoint.request(method, ...params);
  }

  notify<K extends keyof Page & string>(method: K, ...params: Params<Page, K>): void {
    this.endpoint.notify(method, ...params);
  }

  dispose(): void {
    this.disposed = true;
    this.waiting = [];
    this.listener.dispose();
    this.endpoint.dispose();
  }

  private onReady(): void {
    this.ready = true;
    const waiting = this.waiting;
    this.waiting = [];
    waiting.forEach((message) => this.send(message));
    this.options.onReady();
  }

  private send(message: unknown): void {
    if (this.disposed) {
      return;
    }
    if (this.ready) {
      // Rejected where the webview is disposed in this very moment: then nobody waits for it either.
      this.options.webview.postMessage(message).then(undefined, () => undefined);
    } else {
      this.waiting.push(message);
    }
  }

  private html(pages: Uri): string {
    const { webview, page, title, showsMedia } = this.options;
    const nonce = randomBytes(18).toString('base64');
    const file = (name: string) => escapeHtml(webview.asWebviewUri(pages.with({ path: `${pages.path}/${name}` })).toString());
    const policy = [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src ${webview.cspSource}`,
      ...(showsMedia === true ? ['img-src blob: data:', 'media-src blob: data:'] : []),
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${file(`${page}.css`)}">
<script type="module" nonce="${nonce}" src="${file(`${page}.js`)}"></script>
</head>
<body></body>
</html>
`;
  }
}

/** A handler that sees what a page sent only if it is what `schema` says; the page is told of everything else as `invalid`. */
export function checked<S extends v.GenericSchema, R>(
  schema: S,
  handle: (params: v.InferOutput<S>, signal: AbortSignal) => R,
): (params: unknown, signal: AbortSignal) => R {
  return (params, signal) => {
    const parsed = v.safeParse(schema, params);
    if (!parsed.success) {
      throw new ReplyError('invalid', `The page sent what is not understood: ${v.summarize(parsed.issues)}`);
    }
    return handle(parsed.output, signal);
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

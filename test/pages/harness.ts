import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { ORIGIN } from './fakeVscode.ts';
import type { FakeWebview } from './fakeVscode.ts';
import { THEMES } from './themes.ts';
import type { Theme, ThemeName } from './themes.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** A room's pages as bundles, or those named alone, by the path that the host gives them, built as they are shipped. */
export async function bundlePages(room = 'convert', only?: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = join(ROOT, 'src', room, 'webview');
  const entries = (await readdir(folder)).filter((name) => name.endsWith('Page.ts') && (only?.includes(name.slice(0, -'Page.ts'.length)) ?? true));
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(entries.map((name) => [`${room}${name.charAt(0).toUpperCase()}${name.slice(1, -'Page.ts'.length)}`, join(folder, name)])),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'chrome130',
    legalComments: 'none',
    outdir: '/dist/pages',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

export interface PageOptions {
  readonly theme?: ThemeName;
  /** In CSS pixels at a zoom of 1. */
  readonly width?: number;
  readonly height?: number;
  /** As VS Code zooms: 2 halves the page's own width and height. */
  readonly zoom?: number;
  readonly reducedMotion?: boolean;
}

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained of: refused by the security policy, thrown, logged as an error. */
  readonly complaints: readonly string[];
  /** Hides and shows the page: as in VS Code it is thrown away and made anew, and keeps the state that it saved. */
  reload(): Promise<void>;
}

/** Opens a host's page in a browser as VS Code would: the same HTML, policy, variables, default styles and message channel. */
export async function openPage(
  browser: Browser,
  webview: FakeWebview,
  bundles: ReadonlyMap<string, Uint8Array>,
  { theme = 'dark', width = 1100, height = 600, zoom = 1, reducedMotion = false }: PageOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('toHost', (message: string) => webview.received.fire(unpack(message)));
  await page.addInitScript(`globalThis.packing = (${packing.toString()})();`);
  await page.addInitScript(dressUp, { ...THEMES[theme], reducedMotion });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const bundle = bundles.get(pathname);
    if (pathname === '/') {
      await route.fulfill({ contentType: 'text/html; charset=utf-8', body: webview.html });
    } else if (bundle) {
      await route.fulfill({ contentType: pathname.endsWith('.css') ? 'text/css' : 'text/javascript', body: Buffer.from(bundle) });
    } else {
      await route.fulfill({ status: 404 });
    }
  });
  // Sent as text: a message to or from a webview is cloned as JSON is, but for bytes, which stay bytes.
  webview.deliver = async (message) => {
    await page.evaluate((text) => window.postMessage((globalThis as unknown as { packing: Packing }).packing.unpack(text), '*'), pack(message)).catch(() => undefined);
  };
  const load = () => page.goto(`${ORIGIN}/`, { waitUntil: 'load' });
  await load();
  return { page, complaints, reload: async () => void (await load()) };
}

interface Packing {
  pack(message: unknown): string;
  unpack(text: string): unknown;
}

/** Messages as text, with bytes as base64; runs in the page, too. */
function packing(): Packing {
  const encode = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 32_768) {
      text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    }
    return btoa(text);
  };
  return {
    pack: (message) =>
      JSON.stringify({ message }, function (this: Record<string, unknown>, key, value: unknown) {
        // Before `toJSON`, which a Buffer has.
        const held = this[key];
        if (held instanceof ArrayBuffer) {
          return { '$buffer': encode(new Uint8Array(held)) };
        }
        if (!ArrayBuffer.isView(held)) {
          return value;
        }
        const name = held instanceof Uint8Array ? 'Uint8Array' : held.constructor.name;
        return { '$view': name, '$bytes': encode(new Uint8Array(held.buffer, held.byteOffset, held.byteLength)) };
      }),
    unpack: (text) =>
      (
        JSON.parse(text, (_key, value: unknown) => {
          const { $buffer, $view, $bytes } = (value ?? {}) as { $buffer?: string; $view?: string; $bytes?: string };
          const packed = $buffer ?? $bytes;
          if (packed === undefined) {
            return value;
          }
          const { buffer } = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
          return $view === undefined ? buffer : new (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[$view]!(buffer);
        }) as { message: unknown }
      ).message,
  };
}

const { pack, unpack } = packing();

/** Runs in the page before anything of ours. */
function dressUp({ variables, bodyClass, reducedMotion }: Theme & { readonly reducedMotion: boolean }): void {
  const host = globalThis as unknown as { toHost(message: string): void; acquireVsCodeApi(): unknown; packing: Packing };
  let acquired = false;
  host.acquireVsCodeApi = () => {
    if (acquired) {
      throw new Error('The VS Code API has been acquired before.');
    }
    acquired = true;
    return {
      postMessage: (message: unknown) => host.toHost(host.packing.pack(message)),
      getState: () => (JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown) ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
    };
  };
  const style = new CSSStyleSheet();
  style.replaceSync(`@layer vscode-default {
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
    body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
      font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
    a, a code { color: var(--vscode-textLink-foreground); }
    a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }
    code { background-color: var(--vscode-textPreformat-background); padding: 1px 3px; border-radius: 4px; }
  }`);
  document.addEventListener('DOMContentLoaded', () => {
    document.adoptedStyleSheets = [style];
    document.body.classList.add(...bodyClass.split(' '), ...(reducedMotion ? ['vscode-reduce-motion'] : []));
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  });
}

/** Reads a bundle of the shipped build, for its size. */
export async function shippedSize(name: string): Promise<number> {
  return (await readFile(join(ROOT, 'dist/pages', name))).length;
}

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { WebviewHost, checked } from '../../../src/platform/webviewHost.ts';
import { FakeUri, FakeWebview } from '../../pages/fakeVscode.ts';

interface Host {
  add(params: { readonly one: number; readonly other: number }): number;
}

interface Page {
  show(text: string): void;
  ask(): string;
}

function open(title = 'Plan') {
  const webview = new FakeWebview();
  const sent: unknown[] = [];
  webview.deliver = async (message) => void sent.push(message);
  const asked: unknown[] = [];
  let readies = 0;
  const host = new WebviewHost<Host, Page>({
    webview: webview as never,
    extensionUri: new FakeUri('/ext/trainyard') as never,
    page: 'convertPlan',
    title,
    handlers: {
      add: checked(v.strictObject({ one: v.number(), other: v.number() }), (params) => {
        asked.push(params);
        return params.one + params.other;
      }),
    },
    onReady: () => readies++,
    timeout: 20,
  });
  const receive = async (message: unknown) => {
    webview.received.fire(message);
    await new Promise(setImmediate);
  };
  return { webview, host, sent, asked, receive, readies: () => readies };
}

describe('the HTML of a page', () => {
  it('allows nothing but its own script and style sheet', () => {
    const { webview } = open();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(webview.html)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const nonce = /nonce="([^"]+)"/.exec(webview.html)?.[1] ?? '';
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      'style-src https://page.test',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(webview.html).toContain('src="https://page.test/ext/trainyard/dist/pages/convertPlan.js"');
    expect(webview.html).toContain('href="https://page.test/ext/trainyard/dist/pages/convertPlan.css"');
    expect(webview.html.match(/<script/g)).toHaveLength(1);
  });

  it('has a nonce of its own each time, too long to be guessed', () => {
    const nonces = Array.from({ length: 50 }, () => /nonce="([^"]+)"/.exec(open().webview.html)?.[1] ?? '');
    expect(new Set(nonces).size).toBe(50);
    expect(Math.min(...nonces.map((nonce) => nonce.length))).toBeGreaterThanOrEqual(22);
  });

  it('lets the page read the folder of pages alone, and run no command links or forms', () => {
    const { webview } = open();
    expect(webview.options).toEqual({
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [new FakeUri('/ext/trainyard/dist/pages')],
    });
  });

  it('takes a title for text', () => {
    expect(open('</title><script>alert(1)</script>').webview.html).not.toContain('<script>');
  });
});

describe('the host of a page', () => {
  it('keeps what it says until the page listens, and then in order', async () => {
    const { host, sent, receive } = open();
    host.notify('show', 'one');
    host.notify('show', 'two');
    expect(sent).toEqual([]);
    await receive({ call: 'ready' });
    expect(sent).toEqual([
      { call: 'show', params: 'one' },
      { call: 'show', params: 'two' },
    ]);
  });

  it('learns each time that the page begins anew', async () => {
    const { receive, readies } = open();
    await receive({ call: 'ready' });
    await receive({ call: 'ready' });
    expect(readies()).toBe(2);
  });

  it('answers a request of the page', async () => {
    const { sent, receive } = open();
    await receive({ call: 'ready' });
    await receive({ call: 'add', id: 1, params: { one: 20, other: 22 } });
    expect(sent).toEqual([{ reply: 1, value: 42 }]);
  });

  it.each([undefined, null, 'x', { one: 1 }, { one: '1', other: 2 }, { one: 1, other: 2, third: 3 }, [[1, 2]]])('tells the page that %j is not understood, and does nothing', async (params) => {
    const { sent, asked, receive } = open();
    await receive({ call: 'ready' });
    await receive({ call: 'add', id: 1, params });
    expect(asked).toEqual([]);
    expect(sent).toMatchObject([{ reply: 1, error: { reason: 'invalid' } }]);
  });

  it('has a request to a silent page time out', async () => {
    const { host, receive } = open();
    await receive({ call: 'ready' });
    await expect(host.request('ask')).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('says and hears nothing once it is disposed of', async () => {
    const { host, webview, sent, asked, receive } = open();
    await receive({ call: 'ready' });
    host.dispose();
    host.notify('show', 'late');
    await receive({ call: 'add', id: 1, params: { one: 1, other: 2 } });
    expect({ sent, asked, listeners: webview.received.size }).toEqual({ sent: [], asked: [], listeners: 0 });
  });
});

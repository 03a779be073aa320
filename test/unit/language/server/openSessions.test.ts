import type { Connection, PublishDiagnosticsParams } from 'vscode-languageserver/node';
import { CancellationToken, LSPErrorCodes } from 'vscode-languageserver/node';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DIAGNOSTICS_DELAY, type DocumentFamily } from '../../../../src/language/family.ts';
import { OpenSessions } from '../../../../src/language/server/openSessions.ts';
import { ServerHost } from '../../../../src/language/server/serverHost.ts';

const opened = vi.hoisted(() => vi.fn<DocumentFamily['open']>());
vi.mock('../../../../src/language/families/index.ts', () => ({ FAMILIES: { any: () => Promise.resolve({ id: 'any', open: opened }) } }));

const URI = 'file:///a.txt';

function sessions(): { readonly sessions: OpenSessions; readonly log: ReturnType<typeof vi.fn> } {
  const log = vi.fn();
  const connection = { console: { error: log }, sendDiagnostics: (_: PublishDiagnosticsParams) => Promise.resolve() } as unknown as Connection;
  return { log, sessions: new OpenSessions(connection, new ServerHost(connection, () => {}), [{ id: 'any', languages: ['text'], recognises: () => true }]) };
}

it('tells an asker that a document is looked at anew meanwhile, and takes it for no error', async () => {
  opened.mockReturnValue({});
  const { sessions: open, log } = sessions();
  await open.open({ uri: URI, languageId: 'text', version: 1, text: '' });
  const answer = open.ask(URI, CancellationToken.None, (_, signal) => new Promise<never>((__, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
  open.refresh(URI);
  await expect(answer).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  expect(log).not.toHaveBeenCalled();
  open.dispose();
});

it('outlives a document that its family cannot take', async () => {
  opened.mockImplementation(() => {
    throw new Error('odd');
  });
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { sessions: open, log } = sessions();
  await open.open({ uri: URI, languageId: 'text', version: 1, text: '' });
  await vi.advanceTimersByTimeAsync(10 * DIAGNOSTICS_DELAY);
  expect(log).toHaveBeenCalledOnce();
  expect(await open.ask(URI, CancellationToken.None, () => 'an answer')).toBeNull();
  expect(log).toHaveBeenCalledWith(expect.stringContaining('odd'));
  open.dispose();
});

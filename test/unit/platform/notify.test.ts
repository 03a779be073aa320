import { describe, expect, it, vi } from 'vitest';
import { RecordingNotify, windowNotify } from '../../../src/platform/notify.ts';

const shown = vi.hoisted(() => ({ messages: [] as unknown[][] }));

vi.mock('vscode', () => {
  const show = async (...args: unknown[]): Promise<unknown> => {
    shown.messages.push(args);
    return args[1];
  };
  return { window: { showInformationMessage: show, showWarningMessage: show, showErrorMessage: show } };
});

describe('what is said in the corner of the window', () => {
  it('makes no link of a file’s name', async () => {
    await expect(windowNotify.error('/data/[open](command:evil) failed', 'Show')).resolves.toBe('Show');
    expect(shown.messages).toEqual([['/data/[open]\u200b(command:evil) failed', 'Show']]);
  });

  it('is kept and answered for a test', async () => {
    const notify = new RecordingNotify();
    await expect(notify.info('a', 'Show')).resolves.toBeUndefined();
    notify.answer = ({ actions }) => actions[0];
    await expect(notify.warn('b', 'Retry')).resolves.toBe('Retry');
    expect(notify.said.map(({ severity, message }) => `${severity} ${message}`)).toEqual(['info a', 'warn b']);
  });
});

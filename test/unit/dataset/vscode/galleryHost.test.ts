import { expect, it, onTestFinished, vi } from 'vitest';
import { FakeUri, FakeWebview } from '../../../pages/fakeVscode.ts';

vi.mock('vscode', () => import('../../../pages/fakeVscode.ts'));
const { GalleryHostSide } = await import('../../../../src/dataset/vscode/galleryHost.ts');

/** What the host answers to a request for the thumbnail of an item whose place only the catalogue knows. */
async function thumbnail(item: () => Promise<unknown>): Promise<unknown> {
  const webview = new FakeWebview();
  const answered = new Promise((resolve) => (webview.deliver = async (message) => void ('reply' in (message as object) && resolve(message))));
  const nothing = () => {
    throw new Error('not asked for here');
  };
  const services = { extensionUri: new FakeUri('/ext'), catalogue: { request: async () => nothing(), requestUntil: item }, onDidChange: () => ({ dispose: () => undefined }), thumbnails: { requestUntil: nothing }, media: { audio: nothing, video: nothing }, actions: async () => [], act: nothing };
  const host = new GalleryHostSide(services as never, '/data', webview as never, undefined);
  onTestFinished(() => host.dispose());
  webview.received.fire({ call: 'ready' });
  webview.received.fire({ id: 1, call: 'thumbnail', params: { id: 7, px: 256 } });
  return answered;
}

it('says of an item that it left the dataset only where the catalogue says so', async () => {
  expect(await thumbnail(() => Promise.resolve(null))).toMatchObject({ value: { drawn: 'nothing', reason: 'vanished' } });
  const failed = await thumbnail(() => Promise.reject(new Error('The disk does not answer.')));
  expect(JSON.stringify(failed)).toContain('The disk does not answer.');
  expect(JSON.stringify(failed)).not.toContain('vanished');
});

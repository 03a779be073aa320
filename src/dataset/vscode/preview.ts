import type { Uri, WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { Handlers } from '../../base/endpoint.ts';
import type { Event } from '../../base/emitter.ts';
import type { MediaPlace } from '../../media/place.ts';
import type { WebviewHost } from '../../platform/webviewHost.ts';
import type { DatasetFace } from './datasetFace.ts';

/** One opened preview, to which its page speaks. */
export interface PreviewSession<Host> extends Disposable {
  readonly handlers: Handlers<Host>;
  /** The page listens, for the first time or once more: it has nothing yet. */
  onReady(): void;
}

/** What a preview is opened with. */
export interface PreviewInput<Host, Page> {
  readonly uri: Uri;
  /** The one place that this page may read, beside what belongs to it (sidecars, pictures of its rows). */
  readonly place: MediaPlace;
  readonly panel: WebviewPanel;
  readonly face: DatasetFace;
  /** Not before `onReady`. */
  readonly page: () => Pick<WebviewHost<Host, Page>, 'notify' | 'request'>;
  /** The file has changed on the disk, or is gone. */
  readonly onDidChangeFile: Event<'changed' | 'gone'>;
}

/** A read-only custom editor: a page, and the session behind it. */
export interface Preview<Host, Page> {
  /** The page's bundle: `datasetAudio` for `dataset/webview/audioPage.ts`. */
  readonly page: string;
  open(input: PreviewInput<Host, Page>): PreviewSession<Host>;
}

import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import type { HealthGroup, HealthHead, HealthHost, HealthPage, HealthPair, HealthRow } from '../../src/dataset/webview/health/protocol.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';

export interface HealthScene {
  readonly head: HealthHead;
  readonly groups: readonly HealthGroup[];
}

export interface OpenHealth extends OpenPage {
  readonly asked: (readonly [method: string, params: unknown])[];
  show(scene: HealthScene): void;
  dispose(): void;
}

/** The page of a dataset's health with an invented dataset behind it. */
export async function openHealth(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, first: HealthScene, options: PageOptions = {}): Promise<OpenHealth> {
  const panel = new FakePanel('Health');
  const asked: (readonly [string, unknown])[] = [];
  let scene = first;
  const record =
    <T>(method: string, answer: (params: never) => T) =>
    (params: unknown): T => {
      asked.push([method, params]);
      return answer(params as never);
    };
  const countOf = (code: string) => scene.groups.find((group) => group.code === code)?.count ?? 0;
  const page = <T>(code: string, offset: number, count: number, make: (index: number) => T) => ({
    total: countOf(code),
    items: Array.from({ length: Math.max(0, Math.min(count, countOf(code) - offset)) }, (_, index) => make(offset + index)),
  });
  const host = new WebviewHost<HealthHost, HealthPage>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: 'datasetHealth',
    title: 'Health',
    showsMedia: true,
    onReady: () => host.notify('show', scene),
    handlers: {
      rows: record('rows', ({ code, offset, count }: { code: string; offset: number; count: number }) => page(code, offset, count, inventedRow)),
      pairs: record('pairs', ({ code, offset, count }: { code: string; offset: number; count: number }) => page(code, offset, count, inventedPair)),
      picture: record('picture', ({ index, side }: { index: number; side: 0 | 1 }) => inventedPicture(index, side)),
      start: record('start', () => undefined),
      stop: record('stop', () => undefined),
      save: record('save', () => undefined),
      open: record('open', () => undefined),
    },
  });
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  return Object.assign(opened, {
    asked,
    show(next: HealthScene) {
      scene = next;
      host.notify('show', scene);
    },
    dispose: () => host.dispose(),
  });
}

function inventedRow(index: number): HealthRow {
  return { index, path: `chat/train_${String(index % 7).padStart(2, '0')}.jsonl`, row: 37 * index + 4, message: `images/take${String(index).padStart(4, '0')}.jpg is not there; ../images/take${String(index).padStart(4, '0')}.jpg is` };
}

function inventedPair(index: number): HealthPair {
  const side = (split: string, path: string, pixels: string, size: string, label: string) => ({ path, split, facts: [{ name: 'Pixels', value: pixels }, { name: 'Size', value: size }, { name: 'Label', value: label }, { name: 'Taken', value: '2 Nov, 13:58:02' }] });
  return { index, likeness: index % 3 === 0 ? 'identical' : `dHash distance ${index % 5}`, sides: [side('train', `images/shop_${index}.jpg`, '2964×2000', '1.82 MB', 'motorcycle'), side('val', `images/val/img_${5520 + index}.jpg`, '1482×1000', '412 kB', 'motorbike')] };
}

async function inventedPicture(index: number, side: 0 | 1) {
  const bytes = await sharp({ create: { width: 320, height: 216, channels: 3, background: { r: 40 + ((index * 53) % 180), g: 90 + side * 60, b: 120 } } }).jpeg().toBuffer();
  return { type: 'image/jpeg', bytes: new Uint8Array(bytes) };
}

const group = (code: string, consequence: HealthGroup['consequence'], title: string, detail: string, count: number, form: HealthGroup['form'] = 'rows'): HealthGroup => ({ code, consequence, title, detail, count, form });
const HEAD: HealthHead = { name: 'home-mm', checked: 29_891, total: 48_212, when: Date.parse('2026-11-02T14:22:00'), state: 'stopped', full: false, notes: [] };

export const healthScenes = {
  found: {
    head: HEAD,
    groups: [
      group('media/undecodable', 'stops', 'Cannot be decoded', 'truncated JPEG, bad zip, no moov', 23),
      group('row/syntax', 'stops', 'Row does not parse', 'chat_train.jsonl, 2 lines', 2),
      group('row/path-missing', 'stops', 'File named in a row is missing', 'chat_train.jsonl → images/', 118),
      group('split/same-content', 'biases', 'Same item in two splits', 'file hash and dHash', 37, 'pairs'),
      group('media/near-duplicate', 'biases', 'Near duplicates in one split', 'dHash distance ≤ 4', 212, 'pairs'),
      group('label/rare', 'biases', 'Class is rare', 'coin: 640, largest is 11,204', 1),
      group('audio/clipped', 'look', 'Clipped audio', '≥ 3 samples at full scale', 84),
      group('audio/mixed-rates', 'look', 'Mixed sample rates', '48 k, 44.1 k, 16 k', 3),
    ],
  },
  never: { head: { ...HEAD, checked: 0, when: null, state: 'never' }, groups: [] },
  running: { head: { ...HEAD, state: 'running' }, groups: [group('media/zero-bytes', 'stops', 'Zero bytes', '4 files', 4)] },
  sound: { head: { ...HEAD, checked: 48_212, state: 'done' }, groups: [] },
} as const satisfies Readonly<Record<string, HealthScene>>;

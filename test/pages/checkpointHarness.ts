import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { createCheckpointService } from '../../src/sync/checkpoints/checkpointService.ts';
import type { CheckpointApi } from '../../src/sync/checkpoints/checkpointApi.ts';
import { createCheckpointSession } from '../../src/sync/vscode/checkpointSession.ts';
import type { CheckpointHost, CheckpointPage } from '../../src/sync/webview/checkpoint/protocol.ts';
import { safetensorsBytes } from '../unit/media/arrays/arrayBytes.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import { inProcess } from './inProcess.ts';

export interface OpenCheckpoint extends OpenPage {
  dispose(): void;
}

/** The editor's real session and service behind its page; `other` is what a person picks to compare with. */
export async function openCheckpointPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, place: string, other: string | undefined, options: PageOptions = {}): Promise<OpenCheckpoint> {
  const panel = new FakePanel('checkpoint');
  const ended: { dispose(): void }[] = [];
  const session = createCheckpointSession({
    place,
    page: () => host,
    thread(events) {
      const tell = (event: string, params: unknown) => void (events as unknown as Record<string, (params: unknown) => void>)[event]?.(params);
      const service = createCheckpointService({ storage: '/nonexistent', env: {}, never: [] }, { tell: (event, ...[params]) => tell(event, params), ask: () => Promise.reject(new Error('It asks nothing.')) });
      ended.push(service);
      return inProcess<CheckpointApi>(service.handlers);
    },
    pickOther: () => Promise.resolve(other),
    mayOpen: () => Promise.resolve(true),
  });
  const host = new WebviewHost<CheckpointHost, CheckpointPage>({ webview: panel.webview as never, extensionUri: new FakeUri('') as never, page: 'syncCheckpoint', title: 'checkpoint', handlers: session.handlers, onReady: () => session.onReady() });
  const opened = await openPage(browser, panel.webview, bundles, { width: 1144, height: 740, ...options });
  return Object.assign(opened, {
    dispose() {
      host.dispose();
      ended.forEach((service) => service.dispose());
    },
  });
}

/** A small model of 12 layers; `shift` moves the values of its later layers, `broken` puts two NaN into one tensor. */
function model(shift: number, broken: boolean, more: readonly string[]): Buffer {
  const header: Record<string, object> = { __metadata__: { format: 'pt', step: '18400', loss: '1.418' } };
  const parts: Uint8Array[] = [];
  let at = 0;
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const add = (name: string, shape: readonly number[], by: number, nan = false) => {
    const values = Float32Array.from({ length: shape.reduce((one, two) => one * two, 1) }, () => 0.1 * (next() + next() + next() + next() - 2) + by);
    if (nan) {
      values.fill(NaN, 3, 5);
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] };
    parts.push(new Uint8Array(values.buffer));
    at += values.byteLength;
  };
  add('model.embed_tokens.weight', [256, 64], 0);
  for (let layer = 0; layer < 12; layer++) {
    const by = layer > 5 ? (shift * (layer - 5)) / 6 : 0;
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'o_proj']) {
      add(`model.layers.${layer}.self_attn.${part}.weight`, [64, 64], by, broken && layer === 3 && part === 'k_proj');
    }
    add(`model.layers.${layer}.mlp.gate_proj.weight`, [160, 64], by);
    add(`model.layers.${layer}.mlp.down_proj.weight`, [64, 160], by);
    add(`model.layers.${layer}.input_layernorm.weight`, [64], 0);
  }
  more.forEach((name) => add(name, [64], 0));
  add('lm_head.weight', [256, 64], 0);
  return safetensorsBytes(header, Buffer.concat(parts));
}

export async function madeCheckpoints(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-checkpoint-'));
  const files: Readonly<Record<string, Uint8Array>> = {
    'step-18400.safetensors': model(0.004, true, ['model.layers.11.self_attn.q_norm.weight']),
    'base.safetensors': model(0, false, ['model.layers.11.extra.weight']),
    'cut.safetensors': model(0, false, []).subarray(0, 400_000),
    // No name of it tells a layer or a part.
    'bare.safetensors': safetensorsBytes({ weight: { dtype: 'F32', shape: [64, 64], data_offsets: [0, 16_384] } }, new Uint8Array(16_384)),
  };
  await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)));
  return folder;
}

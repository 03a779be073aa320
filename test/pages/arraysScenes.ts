import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npyBytes, safetensorsBytes, zipBytes } from '../unit/media/arrays/arrayBytes.ts';
import { START, json, mcapBytes } from '../unit/media/sensors/mcapBytes.ts';
import type { MadeMessage, MadeTopic } from '../unit/media/sensors/mcapBytes.ts';
import type { OpenPreview } from './previewHarness.ts';
import type { PageOptions } from './harness.ts';

export interface PreviewScene {
  readonly page: 'arrays' | 'sensor';
  /** In the folder of made files. */
  readonly file: string;
  readonly options?: PageOptions;
  readonly act?: (open: OpenPreview) => Promise<void>;
}

const bytesOf = (array: Float32Array | Int16Array | Float64Array) => new Uint8Array(array.buffer);

/** Values around 0, always the same ones. */
function noise(count: number, spread: number): Float32Array {
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return Float32Array.from({ length: count }, () => spread * (next() + next() + next() + next() - 2));
}

function checkpoint(): Buffer {
  const tensors: Record<string, object> = { __metadata__: { format: 'pt' } };
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (name: string, shape: number[], broken = false) => {
    const values = noise(shape.reduce((one, other) => one * other, 1), 0.04);
    if (broken) {
      values[3] = NaN;
      values[90] = Infinity;
    }
    tensors[name] = { dtype: 'F32', shape, data_offsets: [at, at + values.byteLength] };
    parts.push(bytesOf(values));
    at += values.byteLength;
  };
  add('model.embed_tokens.weight', [256, 96]);
  for (let layer = 0; layer < 12; layer++) {
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'o_proj']) {
      add(`model.layers.${layer}.self_attn.${part}.weight`, [96, 96], layer === 2 && part === 'k_proj');
    }
    add(`model.layers.${layer}.mlp.gate_proj.weight`, [128, 96]);
    add(`model.layers.${layer}.input_layernorm.weight`, [96]);
  }
  add('lm_head.weight', [256, 96]);
  return safetensorsBytes(tensors, Buffer.concat(parts));
}

/** 60 × 96 × 128 × 3 bytes: a disc that moves over a slope of colours. */
function clip(): Uint8Array {
  const [frames, height, width] = [60, 96, 128];
  const bytes = new Uint8Array(frames * height * width * 3);
  for (let index = 0; index < bytes.length / 3; index++) {
    const [x, y, frame] = [index % width, Math.floor(index / width) % height, Math.floor(index / (width * height))];
    const isDisc = (x - 20 - frame * 1.4) ** 2 + (y - 48) ** 2 < 400;
    bytes.set(isDisc ? [230, 60, 40] : [x, y * 2, 160], index * 3);
  }
  return bytes;
}

const IMU: MadeTopic = { name: '/imu/data', type: 'Imu', encoding: 'json', schemaEncoding: 'jsonschema', schema: '{}' };
const JOINTS: MadeTopic = { ...IMU, name: '/arm/joint_states', type: 'JointState' };
const WRENCH: MadeTopic = { ...IMU, name: '/ft/wrench', type: 'Wrench' };
const CAMERA: MadeTopic = { name: '/cam/front', type: 'sensor_msgs/msg/Image', encoding: 'cdr', schemaEncoding: 'ros2msg', schema: 'uint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data\n' };
const UNKNOWN: MadeTopic = { name: '/custom/tact', type: 'custom/Tact', encoding: 'cbor', schemaEncoding: '', schema: '' };
const SILENT: MadeTopic = { ...IMU, name: '/cmd_vel', type: 'Twist' };

/** CDR of the picture type above: 32 × 24, red on the left, blue on the right, a green bar that moves with time. */
function picture(nth: number): Uint8Array {
  const [width, height] = [32, 24];
  const head = Buffer.alloc(4 + 4 + 4 + 4 + 5 + 1 + 2 + 4 + 4);
  head.writeUInt8(1, 1);
  head.writeUInt32LE(height, 4);
  head.writeUInt32LE(width, 8);
  head.writeUInt32LE(5, 12);
  head.write('rgb8\0', 16, 'latin1');
  head.writeUInt32LE(width * 3, 24);
  head.writeUInt32LE(width * height * 3, 28);
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    const x = index % width;
    pixels.set(x === nth % width ? [40, 200, 60] : x < width / 2 ? [220, 40, 40] : [50, 80, 230], index * 3);
  }
  return Buffer.concat([head, pixels]);
}

/** 20 s: an IMU at 100 Hz with a jolt, joints at 50 Hz with a gap from 11 s to 12.8 s, a wrench, a camera at 10 Hz. */
function recording(): MadeMessage[] {
  const messages: MadeMessage[] = [];
  for (let nth = 0; nth < 2000; nth++) {
    const time = nth / 100;
    const jolt = time > 13 && time < 13.4 ? 9 * Math.sin(time * 60) : 0;
    messages.push({ topic: IMU.name, time, data: json({ stamp: { sec: Number(START / 1_000_000_000n) + Math.floor(time), nanosec: Math.round((time % 1) * 1e9) }, linear_acceleration: { x: Math.sin(time) + jolt, y: -2 + 0.6 * Math.sin(time * 2.1), z: 5 + 0.2 * Math.sin(time * 13) - jolt } }) });
    if (nth % 2 === 0 && !(time > 11 && time < 12.8)) {
      messages.push({ topic: JOINTS.name, time, data: json({ name: ['j1', 'j2', 'j3'], position: [Math.sin(time / 2), Math.cos(time / 3), 0.2 * time - 2], velocity: [], effort: [0.1, 0.2, 0.3] }) });
    }
    if (nth % 4 === 0) {
      messages.push({ topic: WRENCH.name, time, data: json({ force: { x: 0, y: 0, z: time < 6 ? 2 : time < 13 ? 24 + Math.sin(time * 4) : 5 } }) });
    }
    if (nth % 10 === 0) {
      messages.push({ topic: CAMERA.name, time, data: picture(nth / 10) });
    }
    if (nth % 50 === 0) {
      messages.push({ topic: UNKNOWN.name, time, data: Buffer.from([0xa1, 0x61, 0x78, nth % 256]) });
    }
  }
  return messages;
}

const TOPICS = [CAMERA, IMU, WRENCH, JOINTS, SILENT, UNKNOWN];

/** Three episodes of an arm, each of which begins where it likes. */
function episodes(): Buffer {
  const rows = Array.from({ length: 900 }, (_, row) => {
    const [episode, within] = [Math.floor(row / 300), row % 300];
    return [within / 30, episode, Math.sin(within / 40 + episode * 2), 0.4 * Math.cos(within / 25 + episode), within / 300].join(',');
  });
  return Buffer.from(`timestamp,episode_index,joint_0,joint_1,gripper\n${rows.join('\n')}\n`);
}

/** A folder with every scene's file. */
export async function madeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-arrays-'));
  const slope = Float32Array.from({ length: 200 * 300 }, (_, index) => Math.sin(Math.floor(index / 300) / 20) * Math.cos((index % 300) / 30));
  slope[100 * 300 + 150] = NaN;
  const wave = Float32Array.from({ length: 200_000 }, (_, index) => Math.sin(index / 4000) * (1 + 0.3 * Math.sin(index / 37)) + (index === 150_000 ? 4 : 0));
  const whole = await mcapBytes(TOPICS, recording(), { chunkSize: 32_768 });
  const files: Readonly<Record<string, Uint8Array>> = {
    'step-18400.safetensors': checkpoint(),
    'frames.npy': npyBytes("'|u1'", [60, 96, 128, 3], clip()),
    'slope.npy': npyBytes("'<f4'", [200, 300], bytesOf(slope)),
    'wave.npy': npyBytes("'<f4'", [200_000], bytesOf(wave)),
    'episode.npz': zipBytes([{ name: 'qpos.npy', data: npyBytes("'<f4'", [500, 14], bytesOf(noise(7000, 1))), deflated: true }, { name: 'objects.npy', data: npyBytes("'|O'", [1], new Uint8Array(8)) }, { name: 'labels.npy', data: npyBytes("'<U4'", [3], Buffer.from('pick', 'latin1')) }]),
    'bf16.npy': npyBytes("'<V2'", [4], Buffer.from('803f0040c0bf8040', 'hex')),
    'broken.npy': Buffer.from('\x93NUMPY\x01\x00\x10\x00{"descr"', 'latin1'),
    'arm_2026-11-02.mcap': whole,
    'crashed.mcap': whole.subarray(0, Math.floor(whole.length * 0.6)),
    'episodes.csv': episodes(),
    'none.mcap': Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n'),
  };
  await Promise.all(Object.entries(files).map(([name, bytes]) => writeFile(join(folder, name), bytes)));
  return folder;
}

const openLayer = async ({ page }: OpenPreview) => {
  await page.getByRole('row', { name: /^layers/ }).first().click();
  await page.getByRole('row', { name: /^2/ }).first().click();
  await page.getByRole('row', { name: /self_attn/ }).first().click();
  await page.getByRole('row', { name: /k_proj/ }).first().click();
};

export const previewScenes: Readonly<Record<string, PreviewScene>> = {
  'arrays-checkpoint': { page: 'arrays', file: 'step-18400.safetensors', act: openLayer },
  'arrays-frames': { page: 'arrays', file: 'frames.npy' },
  'arrays-slope': { page: 'arrays', file: 'slope.npy' },
  'arrays-wave': { page: 'arrays', file: 'wave.npy' },
  'arrays-table': { page: 'arrays', file: 'episode.npz', act: ({ page }) => page.getByRole('button', { name: 'Table' }).click() },
  'arrays-broken': { page: 'arrays', file: 'broken.npy' },
  'arrays-narrow': { page: 'arrays', file: 'slope.npy', options: { width: 500, height: 900 } },
  'arrays-middling': { page: 'arrays', file: 'step-18400.safetensors', options: { width: 860 } },
  'arrays-zoomed': { page: 'arrays', file: 'slope.npy', options: { width: 1144, height: 740, zoom: 2 } },
  'sensor-whole': { page: 'sensor', file: 'arm_2026-11-02.mcap' },
  'sensor-crashed': { page: 'sensor', file: 'crashed.mcap' },
  'sensor-episodes': { page: 'sensor', file: 'episodes.csv' },
  'sensor-none': { page: 'sensor', file: 'none.mcap' },
  'sensor-narrow': { page: 'sensor', file: 'arm_2026-11-02.mcap', options: { width: 500, height: 900 } },
  'sensor-middling': { page: 'sensor', file: 'arm_2026-11-02.mcap', options: { width: 860 } },
  'sensor-zoomed': { page: 'sensor', file: 'arm_2026-11-02.mcap', options: { width: 1144, height: 740, zoom: 2 } },
};

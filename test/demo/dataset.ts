import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { jpegPicture, pngPicture, speechLike, tone, video } from './mediaMakers.ts';

/** Names as they come, which are never the same as names as they should be. */
const SPEECH = [
  'take 01.wav',
  'take 02.wav',
  'take 03.wav',
  'rain & wind [take 1].wav',
  '-n.wav',
  'Überraschung – 50 %.wav',
  'field_0201.wav',
  'field_0202.wav',
  'field_0203.wav',
  'dialog_0001.wav',
  'dialog_0002.wav',
  'dialog_0003.wav',
] as const;
const LABELS = ['cup', 'door', 'speech', 'rain', 'engine'] as const;
const SPLITS = ['train', 'train', 'train', 'val', 'test'] as const;

/**
 * Makes a multi-modal data set of a few dozen small files: audio, video, pictures, text, sensor readings, and a manifest that
 * names them. One recording and one picture are cut short, as happens. The same at every call.
 *
 * @param folder absolute path of a folder that exists
 * @returns paths of the files, relative to `folder`
 */
export async function makeDataset(folder: string): Promise<string[]> {
  const made: string[] = [];
  const make = async (path: string, maker: (file: string) => Promise<void>): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await maker(join(folder, path));
    made.push(path);
  };
  await makeAudio(make);
  await makeVideo(make);
  await makePictures(make);
  await makeTexts(make);
  await makeSensors(make);
  const media = made.filter((path) => /^(audio|video|images)\//.test(path) && !path.includes('/damaged/'));
  await make('manifest.jsonl', (file) => writeFile(file, manifest(media)));
  return made;
}

type Make = (path: string, maker: (file: string) => Promise<void>) => Promise<void>;

async function makeAudio(make: Make): Promise<void> {
  for (const [index, name] of SPEECH.entries()) {
    const rate = [44_100, 48_000, 22_050][index % 3] ?? 44_100;
    await make(`audio/speech/${name}`, (file) => speechLike(file, { seconds: 2 + (index % 4) / 2, rate, channels: 1 + (index % 2), pitch: 95 + 12 * index }));
  }
  for (const [index, extension] of ['flac', 'flac', 'mp3', 'mp3', 'ogg'].entries()) {
    await make(`audio/sounds/tone_${index + 1}.${extension}`, (file) => tone(file, { seconds: 2, hertz: 220 * (index + 1) }));
  }
  await make('audio/damaged/cut_short.wav', async (file) => {
    await speechLike(file, { seconds: 3, rate: 44_100, channels: 1, pitch: 140 });
    await truncate(file, 100_000);
  });
}

async function makeVideo(make: Make): Promise<void> {
  for (const [index, name] of ['bench-cam_001.mp4', 'bench-cam_002.mp4', 'gripper_003.mp4', 'door_004.webm', 'kitchen_005.webm'].entries()) {
    await make(`video/${name}`, (file) => video(file, { seconds: 3, width: 480, height: 270, hertz: 220 + 110 * index }));
  }
}

async function makePictures(make: Make): Promise<void> {
  for (let index = 1; index <= 8; index++) {
    await make(`images/photo_${String(index).padStart(4, '0')}.jpg`, (file) =>
      // The last ones were taken with the camera turned.
      jpegPicture(file, { width: 960, height: 640, seed: index, orientation: index > 5 ? 6 : 1 }),
    );
  }
  for (let index = 1; index <= 3; index++) {
    await make(`images/mask_${index}.png`, (file) => pngPicture(file, { width: 640, height: 480, seed: 40 + index }));
  }
  await make('images/damaged/cut_short.jpg', async (file) => {
    await jpegPicture(file, { width: 960, height: 640, seed: 99, orientation: 1 });
    await truncate(file, Math.floor((await readFile(file)).length / 2));
  });
}

async function makeTexts(make: Make): Promise<void> {
  const captions = ['A cup beside a spoon.', 'Somebody closes a door.', 'Rain on a tin roof, wind from the left.', 'An engine starts at the third try.'];
  for (const [index, caption] of captions.entries()) {
    await make(`text/caption_${index + 1}.txt`, (file) => writeFile(file, `${caption}\n`));
  }
  const turns = captions.map((caption, index) => ({ id: index, messages: [{ role: 'user', content: 'What is this?' }, { role: 'assistant', content: caption }] }));
  await make('text/dialogs.jsonl', (file) => writeFile(file, jsonLines(turns)));
}

async function makeSensors(make: Make): Promise<void> {
  for (const name of ['arm_imu', 'wrist_force', 'battery']) {
    await make(`sensors/${name}.csv`, (file) => writeFile(file, readings(name.length)));
  }
}

/** 100 Hz for 6 s; a few samples are missing, as happens. */
function readings(seed: number): string {
  const rows = Array.from({ length: 600 }, (_, index) => {
    const t = index / 100;
    const axes = [1, 2, 3].map((axis) => (index % 97 === seed ? '' : (Math.sin(t * axis * seed) + Math.cos(t * 7) / 10).toFixed(5)));
    return [t.toFixed(3), ...axes].join(',');
  });
  return `t,x,y,z\n${rows.join('\n')}\n`;
}

function manifest(media: readonly string[]): string {
  return jsonLines(media.map((path, index) => ({ path, label: LABELS[index % LABELS.length], split: SPLITS[index % SPLITS.length] })));
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

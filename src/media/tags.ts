import { read } from 'node:fs';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { absent } from '../base/absent.ts';
import type { OpenFile } from './byteSource.ts';
import type { HeaderFacts } from './headers/facts.ts';
import { audioFacts, LOSSY, NOT_STATED, positive } from './headers/facts.ts';
import type { Container } from './media.ts';

const readAt = promisify(read);
const STEP = 65_536;

/** MIME types by which music-metadata chooses its parser, so that the name does not. */
const TYPES: Readonly<Partial<Record<Container, string>>> = {
  ape: 'audio/ape', wavpack: 'audio/wavpack', ogg: 'audio/ogg', mp3: 'audio/mpeg', adts: 'audio/aac',
};

export function isTaggedContainer(container: Container): boolean {
  return container in TYPES;
}

/** Facts of an audio file by music-metadata. Rejects where it cannot be parsed. */
export async function readTagged(file: OpenFile, container: Container): Promise<HeaderFacts> {
  const { size } = file.source;
  const { parseStream } = await import('music-metadata');
  const stream = Readable.from(readOn(file), { objectMode: false });
  try {
    const { format } = await parseStream(stream, { mimeType: TYPES[container] ?? '', size }, { skipCovers: true, duration: true });
    const codec = CODECS.find(([name]) => name.test(format.codec ?? ''))?.[1];
    return {
      duration: format.duration === undefined ? NOT_STATED : positive(format.duration),
      audio: audioFacts({
        codec: codec ?? absent(`codec ${format.codec ?? ''} is not known`),
        sampleRate: positive(format.sampleRate ?? 0),
        channels: positive(format.numberOfChannels ?? 0),
        bitDepth: format.lossless === true ? positive(format.bitsPerSample ?? 0) : LOSSY,
      }),
      problems: [],
    };
  } finally {
    stream.destroy();
  }
}

/** The file's bytes in order. A stream made of the descriptor itself would close it under its owner. */
async function* readOn({ fd, origin, source: { size }, signal }: OpenFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    signal?.throwIfAborted();
    const buffer = Buffer.allocUnsafe(Math.min(STEP, size - at));
    const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, origin + at);
    if (bytesRead === 0) {
      return;
    }
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** music-metadata's names in ffmpeg's spelling. */
const CODECS: readonly (readonly [RegExp, string])[] = [
  [/^Monkey's Audio/i, 'ape'],
  [/^(?:PCM|DSD|WavPack)/i, 'wavpack'],
  [/^Opus/i, 'opus'],
  [/^Vorbis/i, 'vorbis'],
  [/^Speex/i, 'speex'],
  [/^FLAC/i, 'flac'],
  [/Layer 3$/i, 'mp3'],
  [/Layer 2$/i, 'mp2'],
  [/Layer 1$/i, 'mp1'],
  [/AAC/i, 'aac'],
];

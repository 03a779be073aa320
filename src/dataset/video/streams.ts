import { demuxerArgs, MEDIA_DEMUXERS } from '../../media/demuxers.ts';
import type { FilePart } from '../../media/filePart.ts';
import { inputUrl, protocolsOf } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { StreamFacts } from '../webview/video/protocol.ts';

interface ProbedStream {
  readonly index?: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly profile?: string;
  readonly pix_fmt?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly color_space?: string;
  readonly color_transfer?: string;
  readonly color_range?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly channel_layout?: string;
  readonly bit_rate?: string;
  readonly time_base?: string;
  readonly start_time?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface ProbedFilm {
  readonly streams: readonly StreamFacts[];
  /** Seconds of the first picture, of the first sound and of whatever is first, on the file's own clock. */
  readonly picture: number | undefined;
  readonly sound: number | undefined;
  readonly start: number | undefined;
}

/** Every stream, as ffprobe tells of it. The demuxer is forced. */
export function streamsPlan(part: FilePart, container: Container): ToolPlan<ProbedFilm> | undefined {
  const demuxer = MEDIA_DEMUXERS[container];
  return (
    demuxer && {
      tool: 'ffprobe',
      args: [
        '-hide_banner', '-v', 'error', '-protocol_whitelist', protocolsOf(part), ...demuxerArgs(demuxer), '-max_streams', '64',
        '-show_entries', 'format=start_time:stream', '-of', 'json', '-i', inputUrl(part),
      ],
      limits: { wallSeconds: 30, cpuSeconds: 30, memory: 4_000_000_000 },
      parse: ({ stdout }) => filmOf(JSON.parse(stdout) as { readonly streams?: readonly ProbedStream[]; readonly format?: { readonly start_time?: string } }),
    }
  );
}

function filmOf({ streams = [], format }: { readonly streams?: readonly ProbedStream[]; readonly format?: { readonly start_time?: string } }): ProbedFilm {
  const start = (kind: string) => numberOf(streams.find(({ codec_type }) => codec_type === kind)?.start_time);
  return { streams: streams.map(streamOf), picture: start('video'), sound: start('audio'), start: numberOf(format?.start_time) };
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

const KINDS = ['video', 'audio', 'subtitle', 'data', 'attachment'] as const;

function streamOf(stream: ProbedStream, at: number): StreamFacts {
  const facts: (readonly [string, string | undefined])[] = [
    ['Profile', stream.profile],
    ['Pixels', stream.width ? [`${stream.width}×${stream.height}`, stream.pix_fmt, stream.sample_aspect_ratio && stream.sample_aspect_ratio !== '1:1' && stream.sample_aspect_ratio !== '0:1' ? `SAR ${stream.sample_aspect_ratio}` : undefined].filter(Boolean).join(', ') : undefined],
    ['Rate', stream.codec_type === 'video' ? rateWords(stream) : stream.sample_rate && `${stream.sample_rate} Hz, ${stream.channel_layout ?? `${stream.channels} channels`}`],
    ['Colour', [stream.color_space, stream.color_transfer, stream.color_range].filter((part) => part && part !== 'unknown').join(', ') || undefined],
    ['Bit rate', Number(stream.bit_rate) > 0 ? bitRateWords(Number(stream.bit_rate)) : undefined],
    ['Time base', stream.time_base],
    ['Starts', numberOf(stream.start_time) ? `${numberOf(stream.start_time)?.toFixed(3)} s` : undefined],
    ['Language', stream.tags?.language === 'und' ? undefined : stream.tags?.language],
    ['Title', stream.tags?.title],
    ['Timecode', stream.tags?.timecode],
  ];
  return {
    index: stream.index ?? at,
    kind: KINDS.find((kind) => kind === stream.codec_type) ?? 'unknown',
    codec: stream.codec_name ?? 'unknown codec',
    facts: facts.flatMap(([name, value]) => (value ? [[name, value.slice(0, 200)] as const] : [])),
  };
}

function rateWords({ avg_frame_rate: mean, r_frame_rate: base }: ProbedStream): string | undefined {
  const [over = 0, under = 0] = (mean ?? '').split('/').map(Number);
  return under > 0 && over > 0 ? `${Number((over / under).toFixed(3))} fps, ${mean === base ? 'constant' : 'variable'}` : undefined;
}

export function bitRateWords(bits: number): string {
  return bits >= 1e6 ? `${(bits / 1e6).toFixed(2)} Mbit/s` : `${Math.round(bits / 1000)} kbit/s`;
}

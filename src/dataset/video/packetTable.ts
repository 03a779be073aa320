import { demuxerArgs, MEDIA_DEMUXERS } from '../../media/demuxers.ts';
import type { FilePart } from '../../media/filePart.ts';
import { inputUrl, protocolsOf } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { InputVideoTrack } from 'mediabunny';
import { EncodedPacketSink } from 'mediabunny';
import type { Packets } from '../webview/video/protocol.ts';
import { MOST_PACKETS } from '../webview/video/protocol.ts';

/** Packets that are listed: a day at 11 a second. */
const MOST = 1_000_000;

interface Packet {
  readonly pts: number;
  readonly dts: number;
  readonly size: number;
  readonly key: boolean;
}

/** All packets of the pictures, in the order of their showing. */
export interface PacketTable {
  readonly ticks: number;
  readonly packets: readonly Packet[];
  readonly dtsNote?: string;
}

/** From the container's own tables where it has some, by mediabunny, which gives no decode times. */
export async function packetsOfTrack(track: InputVideoTrack, signal: AbortSignal): Promise<PacketTable> {
  const ticks = await track.getTimeResolution();
  const packets: Packet[] = [];
  for await (const { timestamp, byteLength, type } of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    signal.throwIfAborted();
    packets.push({ pts: Math.round(timestamp * ticks), dts: NaN, size: byteLength, key: type === 'key' });
    if (packets.length >= MOST) {
      break;
    }
  }
  return { ticks, packets: packets.sort((a, b) => a.pts - b.pts), dtsNote: 'decode times are told by ffprobe, and of files up to 256 MB' };
}

/** As ffprobe reads them from the file, which it reads whole. The demuxer is forced. */
export function packetsPlan(part: FilePart, container: Container): ToolPlan<PacketTable> | undefined {
  const demuxer = MEDIA_DEMUXERS[container];
  return (
    demuxer && {
      tool: 'ffprobe',
      args: [
        '-hide_banner', '-v', 'error', '-protocol_whitelist', protocolsOf(part), ...demuxerArgs(demuxer), '-select_streams', 'V:0',
        '-show_entries', 'packet=pts,dts,size,flags:stream=time_base', '-of', 'compact=nk=0', '-i', inputUrl(part),
      ],
      keep: 256 * 2 ** 20,
      limits: { wallSeconds: 60, cpuSeconds: 60, memory: 4_000_000_000 },
      parse: ({ stdout }) => parsePackets(stdout),
    }
  );
}

export function parsePackets(stdout: string): PacketTable {
  const packets: Packet[] = [];
  let ticks = 1;
  for (const line of stdout.split('\n')) {
    const value = (name: string) => new RegExp(`\\|${name}=([^|]*)`).exec(line)?.[1] ?? '';
    if (line.startsWith('packet|')) {
      const dts = Number(value('dts') || NaN);
      const pts = Number(value('pts') || NaN);
      if (Number.isFinite(pts) || Number.isFinite(dts)) {
        packets.push({ pts: Number.isFinite(pts) ? pts : dts, dts, size: Number(value('size')) || 0, key: value('flags').startsWith('K') });
      }
    } else if (line.startsWith('stream|')) {
      const [over = 1, under = 1] = value('time_base').split('/').map(Number);
      ticks = under / over;
    }
  }
  return { ticks, packets: packets.sort((a, b) => a.pts - b.pts) };
}

/** A part of the table, as it crosses to the page. */
export function packed({ ticks, packets, dtsNote }: PacketTable, from: number): Packets {
  const part = packets.slice(from, from + MOST_PACKETS);
  return {
    pts: Float64Array.from(part, ({ pts }) => pts),
    dts: Float64Array.from(part, ({ dts }) => dts),
    sizes: Uint32Array.from(part, ({ size }) => size),
    keys: Uint8Array.from(part, ({ key }) => (key ? 1 : 0)),
    ticks,
    count: packets.length,
    ...(dtsNote !== undefined && { dtsNote }),
  };
}

export interface WavShape {
  readonly form?: 'RIFF' | 'RIFX' | 'RF64' | 'BW64';
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
  readonly frames: number;
  /** Written as WAVE_FORMAT_EXTENSIBLE. */
  readonly extensible?: boolean;
  /** What the data chunk states instead of its length. */
  readonly stated?: number;
  readonly riffLength?: number;
  /** Chunks before the data: bytes of each. */
  readonly before?: readonly number[];
}

/** A wave file as its writer's fields say. */
export function wavBytes(shape: WavShape): Buffer {
  const isBig = shape.form === 'RIFX';
  const is64 = shape.form === 'RF64' || shape.form === 'BW64';
  const u16 = (value: number): Buffer => {
    const bytes = Buffer.alloc(2);
    bytes[isBig ? 'writeUInt16BE' : 'writeUInt16LE'](value);
    return bytes;
  };
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes[isBig ? 'writeUInt32BE' : 'writeUInt32LE'](value);
    return bytes;
  };
  const u64 = (value: number): Buffer => Buffer.concat([u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32))]);
  const chunk = (id: string, body: Buffer, length = body.length): Buffer =>
    Buffer.concat([Buffer.from(id), u32(length), body, Buffer.alloc(body.length % 2)]);

  const align = shape.channels * Math.ceil(shape.bits / 8);
  const plain = [shape.channels, 0, 0, 0, align, shape.bits];
  const format = Buffer.concat([
    u16(shape.extensible ? 0xfffe : shape.tag),
    u16(plain[0] ?? 0),
    u32(shape.sampleRate),
    u32((shape.sampleRate * align) % 2 ** 32),
    u16(align),
    u16(shape.bits),
    ...(shape.extensible ? [u16(22), u16(shape.bits), u32(0), u16(shape.tag), Buffer.from('000000001000800000aa00389b71', 'hex')] : []),
  ]);
  const data = Buffer.alloc(align * shape.frames);
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...(is64 ? [chunk('ds64', Buffer.concat([u64(0), u64(data.length), u64(shape.frames), u32(0)]))] : []),
    ...(shape.before ?? []).map((length) => chunk('junk', Buffer.alloc(length, 0x61))),
    chunk('fmt ', format),
    chunk('data', data, shape.stated ?? (is64 ? 0xffff_ffff : data.length)),
  ]);
  return Buffer.concat([Buffer.from(shape.form ?? 'RIFF'), u32(shape.riffLength ?? (is64 ? 0xffff_ffff : body.length)), body]);
}

const b = (text: string, ...more: (string | number[] | Buffer)[]): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), ...more.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))]);
const u32be = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const ftyp = (...brands: string[]): Buffer =>
  b('', u32be(8 + 8 + 4 * (brands.length - 1)), 'ftyp', brands[0] ?? '', [0, 0, 2, 0], ...brands.slice(1), u32be(8), 'free');
const zeros = (count: number): Buffer => Buffer.alloc(count);
/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame. */
const mp3Frame = b('\xff\xfb\x90\x00', zeros(413));
/** MPEG-1 layer II, 192 kbit/s, 48 kHz: 576 bytes a frame. */
const mp2Frame = b('\xff\xfd\xa4\x00', zeros(572));
const adtsFrame = b('\xff\xf1\x50\x40\x02\x1f\xfc', zeros(9));
const ebml = (docType: string): Buffer => b('\x1a\x45\xdf\xa3\x9f', '\x42\x82', [0x80 | docType.length], docType, zeros(20));
const oggPage = (magic: string): Buffer => b('OggS\0\x02', zeros(20), [1, magic.length], magic);
const id3 = (length: number, ...after: Buffer[]): Buffer =>
  b('ID3\x03\0\0', [0, 0, length >> 7, length & 0x7f], zeros(length), ...after);
const transport = (packet: number, first: number): Buffer =>
  b('', zeros(first), ...Array.from({ length: 5 }, () => b('\x47', Buffer.alloc(packet - 1, 0xff))));

/** The least bytes of each container that tell it; named after the container, up to a dash. */
export const SAMPLES: Readonly<Record<string, Buffer>> = {
  'wav-riff': b('RIFF\x24\0\0\0WAVEfmt '),
  'wav-rf64': b('RF64\xff\xff\xff\xffWAVEds64'),
  'wav-bw64': b('BW64\xff\xff\xff\xffWAVEds64'),
  'wav-rifx': b('RIFX\0\0\0\x24WAVEfmt '),
  aiff: b('FORM\0\0\0\x24AIFFCOMM\0\0\0\x12\0\x01\0\0\0\0\0\x10\x40\x0e\xac\x44\0\0\0\0\0\0'),
  'aiff-aifc': b('FORM\0\0\0\x24AIFCCOMM'),
  flac: b('fLaC\0\0\0\x22', zeros(34)),
  'flac-id3': id3(40, b('fLaC\0\0\0\x22', zeros(34))),
  'ogg-opus': oggPage('OpusHead\x01\x02'),
  'ogg-theora': oggPage('\x80theora\x03'),
  mp3: b('', mp3Frame, mp3Frame),
  'mp3-id3': id3(300, mp3Frame, mp3Frame),
  'mp3-id3-padded': id3(300, zeros(64), mp3Frame, mp3Frame),
  'mp3-layer2': b('', mp2Frame, mp2Frame),
  adts: b('', adtsFrame, adtsFrame),
  au: b('.snd\0\0\0\x18\0\0\0\0\0\0\0\x03', zeros(16)),
  sph: b('NIST_1A\n   1024\nchannel_count -i 1\nsample_rate -i 8000\nend_head\n', zeros(40)),
  caf: b('caff\0\x01\0\0desc'),
  amr: b('#!AMR\n\x3c\0'),
  ape: b('MAC \x96\x0f', zeros(20)),
  wavpack: b('wvpk\0\0\0\0\x10\x04', zeros(20)),
  asf: b('\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c', zeros(20)),
  mp4: ftyp('isom', 'iso2', 'avc1', 'mp41'),
  'mp4-audio': ftyp('M4A ', 'M4A ', 'mp42'),
  mov: ftyp('qt  ', 'qt  '),
  'mov-old': b('', u32be(300), 'moov', zeros(20)),
  matroska: ebml('matroska'),
  webm: ebml('webm'),
  avi: b('RIFF\0\x10\0\0AVI LIST'),
  flv: b('FLV\x01\x05\0\0\0\x09'),
  mpegts: transport(188, 0),
  'mpegts-m2ts': transport(192, 4),
  mpegps: b('\0\0\x01\xba\x44\0', zeros(20)),
  y4m: b('YUV4MPEG2 W4 H2 F25:1\nFRAME\n', zeros(12)),
  h264: b('\0\0\0\x01\x67\x64\0\x1f', zeros(20)),
  jpeg: b('\xff\xd8\xff\xe0\0\x10JFIF\0', zeros(9), '\xff\xc0\0\x11\x08\0\x20\0\x30\x03', zeros(9), '\xff\xd9'),
  png: b('\x89PNG\r\n\x1a\n', u32be(13), 'IHDR', u32be(4), u32be(2), '\x08\x02\0\0\0', zeros(4), u32be(8), 'acTL', u32be(3), zeros(8)),
  gif: b('GIF89a\x04\0\x02\0\x80\0\0', zeros(6), '\x2c', zeros(4), '\x04\0\x02\0\0\x02\x01\0\0\x3b'),
  webp: b('RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x03\x40\0\0', zeros(10)),
  tiff: b('II*\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x04\0\0\0\x01\x01\x03\0\x01\0\0\0\x02\0\0\0\0\0\0\0'),
  'tiff-big-endian': b('MM\0*\0\0\0\x08\0\x01'),
  bmp: b('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x04\0\0\0\x02\0\0\0\x01\0\x18\0', zeros(40)),
  avif: ftyp('avif', 'mif1', 'miaf'),
  'avif-mif1': ftyp('mif1', 'avif'),
  heic: ftyp('heic', 'mif1'),
  'heic-mif1': ftyp('mif1', 'heic'),
  jxl: b('\xff\x0a\xfa\x7f'),
  'jxl-box': b('\0\0\0\x0cJXL \r\n\x87\n'),
  jp2: b('\0\0\0\x0cjP  \r\n\x87\n'),
  psd: b('8BPS\0\x01', zeros(20)),
  exr: b('\x76\x2f\x31\x01\x02\0\0\0'),
  hdr: b('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 4\n', [2, 2, 0, 4]),
  pnm: b('P6\n4 2\n255\n', zeros(24)),
  ico: b('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x04\0\0\0\x16\0\0\0', zeros(4)),
  npy: b('\x93NUMPY\x01\0'),
  npz: b('PK\x03\x04', zeros(22), [5, 0, 0, 0], 'a.npy'),
  safetensors: b('\x10\0\0\0\0\0\0\0{"a":[0,1,2,3]} ', zeros(4)),
  parquet: b('PAR1\x15\x04'),
  arrow: b('ARROW1\0\0'),
  hdf5: b('\x89HDF\r\n\x1a\n\0'),
  mcap: b('\x89MCAP0\r\n\x01'),
  rosbag: b('#ROSBAG V2.0\n\x45\0\0\0'),
  sqlite: b('SQLite format 3\0'),
  tar: b('a.txt', zeros(252), 'ustar\0', zeros(249)),
  zip: b('PK\x03\x04', zeros(22), [5, 0, 0, 0], 'a.txt'),
  gzip: b('\x1f\x8b\x08\0'),
  zstd: b('\x28\xb5\x2f\xfd\x04'),
};

const lines = (...rows: string[]): Buffer => Buffer.from(`${rows.join('\n')}\n`);

/** Text, by what it holds; named as `SAMPLES` are. */
export const TEXTS: Readonly<Record<string, Buffer>> = {
  svg: lines('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'),
  'svg-prolog': lines('\ufeff<?xml version="1.0"?>', '<!-- <html> -->', '<!DOCTYPE svg PUBLIC "a" "b">', '<svg:svg/>'),
  'svg-entities': lines('<!DOCTYPE svg [ <!ENTITY a SYSTEM "file:///etc/passwd"> ]>', '<svg>&a;</svg>'),
  'svg-behind-a-null': Buffer.from('<svg width="1">\0\0\xff', 'latin1'),
  'svg-utf16': Buffer.from('\ufeff<svg xmlns="x"/>', 'utf16le'),
  msl: lines('<?xml version="1.0"?>', '<msl><read filename="/etc/passwd"/></msl>'),
  mvg: lines('push graphic-context', "image over 0,0 0,0 'https://example.org/'", 'pop graphic-context'),
  'mvg-viewbox': lines('viewbox 0 0 640 480', "image over 0,0 0,0 'x'"),
  postscript: lines('%!PS-Adobe-3.0', '(x) run'),
  pdf: lines('%PDF-1.7'),
  m3u: lines('#EXTM3U', '#EXTINF:1,', 'http://127.0.0.1/x.wav'),
  'm3u-blanks': lines('', '  #EXTM3U', 'a.ts'),
  pls: lines('[playlist]', 'File1=|touch pwned'),
  ffconcat: lines('ffconcat version 1.0', "file 'neighbour.wav'"),
  plaintext: lines('Hello, world.', 'Nothing to see here.'),
  'plaintext-playlist': lines('|touch pwned'),
  'plaintext-html': lines('<!DOCTYPE html>', '<html><body>x</body></html>'),
  'plaintext-latin1': Buffer.from('Caf\xe9 au lait\n', 'latin1'),
  json: lines('{', '  "a": [1, 2]', '}'),
  'json-array': lines('[{"a": 1}]'),
  jsonl: lines('{"audio": "a.wav"}', '{"audio": "b.wav"}'),
  csv: lines('path,label', 'a.wav,"x, y"', 'b.wav,z'),
  tsv: lines('path\tlabel', 'a.wav\tx'),
  yaml: lines('train: data/train', 'val: data/val', 'names:', '  - cat'),
  'yaml-marker': lines('---', 'a: 1'),
  'pnm-plain': lines('P3', '# made by hand', '1 1', '255', '255 0 0'),
  gitLfsPointer: lines('version https://git-lfs.github.com/spec/v1', `oid sha256:${'0'.repeat(64)}`, 'size 12'),
};

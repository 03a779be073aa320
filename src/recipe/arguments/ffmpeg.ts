import { checkValue, RefusedArgument, splitAtFiles, type CustomShape } from './placeholders.ts';

/** Options that have no value. All others have one. */
const FLAGS = new Set([
  '-an', '-vn', '-sn', '-dn', '-shortest', '-copyts', '-start_at_zero', '-bitexact', '-accurate_seek', '-noaccurate_seek', '-autorotate',
  '-noautorotate', '-autoscale', '-noautoscale', '-ignore_unknown', '-copy_unknown', '-re', '-fix_sub_duration',
]);

/** What may stand before `-i {input}`. How a file is opened is ours to say: the rest chooses demuxers, protocols and further files. */
const INPUT_OPTIONS = new Set([
  '-ss', '-sseof', '-t', '-to', '-itsoffset', '-itsscale', '-r', '-skip_frame', '-fflags', '-an', '-vn', '-copyts', '-start_at_zero',
  '-accurate_seek', '-noaccurate_seek', '-autorotate', '-noautorotate', '-discard', '-ignore_editlist', '-apply_cropping',
]);

/** What Trainyard says itself. */
const OURS = new Set([
  '-y', '-n', '-v', '-loglevel', '-hide_banner', '-nostdin', '-stdin', '-progress', '-stats', '-nostats', '-stats_period', '-report',
  '-threads', '-filter_threads', '-filter_complex_threads', '-xerror', '-err_detect', '-max_error_rate', '-protocol_whitelist',
  '-protocol_blacklist', '-format_whitelist', '-codec_whitelist', '-max_pixels', '-max_streams',
]);

/** What reads or writes further files, opens devices or loads code, whatever its value looks like. */
const DANGEROUS = new RegExp(
  `^-(?:${[
    'filter_script', 'filter_complex_script', 'attach', 'dump_attachment', 'passlogfile', 'vstats', 'vstats_file', 'sdp_file',
    'stats_(?:enc|mux)_\\w+', '[avsf]?pre', 'preset_file', 'target', 'safe', 'enable_drefs', 'use_absolute_path', 'init_hw_device',
    'filter_hw_device', 'hwaccel\\w*', 'qsv_device', 'vaapi_device', 'opencl_\\w+', 'load_plugins?', 'dec', 'isync', 'print_graphs\\w*',
    'timelimit', 'abort_on',
  ].join('|')})$`,
);

const FILTER_OPTION = /^-(?:vf|af|filter|filter_complex|lavfi)$/;

/** Filters that open files, devices, sockets or plug-ins by a name, or send commands to others. */
const FILTERS = new RegExp(
  `(?:^|[,;\\]])\\s*(?:${[
    'a?movie', 'subtitles', 'ass', 'ladspa', 'lv2', 'frei0r', 'frei0r_src', 'a?sendcmd', 'a?zmq', 'lut1d', 'lut3d', 'dnn_\\w+', 'sr',
    'derain', 'arnndn', 'sofalizer', 'libvmaf', 'vmafmotion', 'vidstab\\w+', 'signature', 'find_rect', 'cover_rect', 'removelogo', 'ocr', 'openclsrc',
    'program_opencl', 'flite', 'asr', 'whisper', 'libplacebo', 'cellauto', 'life',
  ].join('|')})\\s*(?:@[^=,;[]*)?(?:=|$|[,;[])`,
);

/** Values that ffmpeg would take for a protocol. */
const PROTOCOL = new RegExp(
  `(?:^|[=:,;|[\\]\\s])(?:${[
    'file', 'pipe', 'fd', 'concatf?', 'subfile', 'crypto', 'data', 'async', 'cache', 'tee', 'unix', 'md5', 'https?', 'tcp', 'udp', 'udplite',
    'tls', 'ftp', 'sftp', 'rtmp\\w*', 'rtp', 'srtp?', 'gopher', 'icecast', 'mms\\w*', 'ipfs', 'ipns', 'bluray',
  ].join('|')}):`,
);

/**
 * `[input options] -i {input} [output options] {output}`: options by ffmpeg's own grammar, in which every word that is neither an option
 * nor an option's value is a file to write. Throws a `RefusedArgument`.
 */
export function ffmpegShape(args: readonly string[]): CustomShape {
  const { before, between, after } = splitAtFiles(args);
  if (before.at(-1) !== '-i') {
    throw new RefusedArgument('{input}', 'has to follow “-i”');
  }
  if (after.length > 0) {
    throw new RefusedArgument(after[0] ?? '', 'stands after {output}, where ffmpeg takes no notice of it');
  }
  const inputOptions = before.slice(0, -1);
  checkOptions(inputOptions, (name) => (INPUT_OPTIONS.has(name) ? undefined : 'is not among the options that may stand before the input'));
  checkOptions(between, () => undefined);
  return { before: inputOptions, between, after };
}

function checkOptions(args: readonly string[], refuse: (name: string) => string | undefined): void {
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? '';
    const [, name] = /^(-[A-Za-z][\w-]*)(?::[\w:#.-]+)?$/.exec(option) ?? [];
    if (name === undefined) {
      throw new RefusedArgument(option, 'is not an option, and would be a file to write');
    }
    const reason = refusedOption(name) ?? refuse(name);
    if (reason !== undefined) {
      throw new RefusedArgument(option, reason);
    }
    if (!FLAGS.has(name)) {
      at++;
      checkOptionValue(option, name, args[at]);
    }
  }
}

function refusedOption(name: string): string | undefined {
  switch (name) {
    case '-f':
      return 'is not needed: the format goes by the content and the extension';
    case '-i':
      return 'stands there more than once';
    default:
      if (OURS.has(name)) {
        return 'is set by Trainyard itself';
      }
      return DANGEROUS.test(name) ? 'makes ffmpeg use other files, devices or code' : undefined;
  }
}

function checkOptionValue(option: string, name: string, value: string | undefined): void {
  if (value === undefined) {
    throw new RefusedArgument(option, 'has no value');
  }
  checkValue(value);
  // ffmpeg lets quotes and backslashes take words apart: `mo\vie` is `movie`.
  const bare = value.replace(/[\\']/g, '');
  if (PROTOCOL.test(bare)) {
    throw new RefusedArgument(value, 'would be taken for an address');
  }
  if (FILTER_OPTION.test(name) && FILTERS.test(bare)) {
    throw new RefusedArgument(value, 'holds a filter that opens files, devices or code by itself');
  }
}

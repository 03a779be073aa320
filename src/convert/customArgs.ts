import type { CustomPresetSpec } from './job.ts';

type Tool = CustomPresetSpec['tool'];

/** `{name}` anywhere in an argument. */
export const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

/** Where a path, a URL or a pipe could begin: at the start of an argument, or after what separates its parts. */
const OUTSIDE_FILE = /(?:^|[=:,;'"[\]\s@])(?:\/|~|\.\.?\/|\\)|:\/\/|^[|@!<>]/;

/** Options and parts of arguments that make the tool read or write other files, or run what a file says. */
const FORBIDDEN: Readonly<Record<Tool, readonly RegExp[]>> = {
  ffmpeg: [
    /^-(?:filter_script|filter_complex_script|attach|dump_attachment|report|passlogfile|vstats_file|sdp_file|progress|[avsf]?pre)\b/,
    /^-(?:protocol_whitelist|format_whitelist|safe|allowed_extensions|init_hw_device|opencl_options|load_plugin|dec)\b/,
    /^-\//,
    /^(?:lavfi|concat|tee|hls|dash|segment|rtp|rtsp|sap|fifo)$/,
    /^(?:file|pipe|fd|concat|concatf|subfile|crypto|data|async|cache|tee|unix|md5|http|https|tcp|udp|ftp|rtmp|srt):/,
    /(?:^|[,;[\]\s])(?:a?movie|subtitles|ass|ladspa|lv2|frei0r|frei0r_src|a?sendcmd|a?zmq|lut3d|lut1d|haldclut_file|dnn_\w+|tensorflow|arnndn|sofalizer|vmafmotion|libvmaf)(?:@\w+)?(?:=|$|[,;[\]])/,
    /\b(?:textfile|fontfile|filename|stats_file|vif_log|log_path|model_path|metadata=.*file|psfile|preset_file)=/,
  ],
  sox: [
    /^(?:-p|--pipe|--effects-file|--plot|--temp|--play-rate-arg|-m3u|--input-buffer-file)(?:=|$)/,
    /^(?:noiseprof|noisered|ladspa|spectrogram|newfile|splice-file|output|sp)$/,
    /^-(?:d|-default-device)$/,
  ],
  imagemagick: [
    /^[-+](?:write|script|process|path|debug|log|remote|display|window|mask|read-mask|write-mask|profile|texture|tile|map|remap|clut|font|encipher|decipher|stegano)$/,
    /^[A-Za-z0-9-]+:(?!$)/,
    /filename:/,
    /%\[(?:fx|hex|pixel).*file/,
  ],
};

/**
 * Why this argument is refused; undefined where it is not. It keeps an honest preset from touching files other than its input and
 * output by mistake, and stops the known ways to read files or run programs. It is no sandbox: a tool may know ways that are not
 * listed here. Hence custom presets come from the user's settings alone and never run in an untrusted workspace, and the engines'
 * own rules (protocol lists, ImageMagick's policy, cleared environment, private folder) hold for them too.
 */
export function refusedArgument(tool: Tool, argument: string): string | undefined {
  if (argument.includes('\0')) {
    return 'holds a NUL character';
  }
  const bare = argument.replace(PLACEHOLDER, '0');
  if (OUTSIDE_FILE.test(bare)) {
    return 'names a file, an address or a pipe: only {input} and {output} may be files';
  }
  return FORBIDDEN[tool].some((pattern) => pattern.test(bare))
    ? `makes ${tool} read, write or run something other than {input} and {output}`
    : undefined;
}

/** The argument with every `{name}` replaced by its value; names without a value stay. Values are not looked into again. */
export function fillPlaceholders(argument: string, values: Readonly<Record<string, string>>): string {
  return argument.replace(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}

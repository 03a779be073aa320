/** Names of files that are read together with others beside them. */
export const OF_SEVERAL = /\.index(?:\.json)?$|\.data-\d{5}-of-\d{5}$|-\d{5}-of-\d{5}\.(?:safetensors|bin|gguf)$/;

/** Names of one folder that are listed at most. */
export const MAX_NAMES = 50_000;

/** Whether a name is a plain path below a folder: what a checkpoint names is opened only then. */
export function isBelow(name: string): boolean {
  return name !== '' && !name.startsWith('/') && !name.includes('\0') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

import type { Listed } from './parseFfmpeg.ts';

/** `sox --help-effect all`: each effect with its usage. */
export function parseEffects(text: string): readonly Listed[] {
  const usage = text.slice(Math.max(0, text.indexOf('Effect usage:') + 'Effect usage:'.length));
  return usage
    .split(/\n\s*\n\s*\n/)
    .map((block) => block.trim())
    .flatMap((block) => {
      const [, name] = /^([a-z]\w*)(?:\s|$)/.exec(block) ?? [];
      return name === undefined ? [] : [{ name, about: block }];
    });
}

/** `sox --help`: names of effects; those with `#` cannot be used from the command line. */
export function parseEffectNames(text: string): readonly string[] {
  const [, names = ''] = /^EFFECTS: (.*)$/m.exec(text) ?? [];
  return names.split(/\s+/).filter((name) => name !== '' && !name.endsWith('#')).map((name) => name.replace(/[+*]$/, ''));
}

/** `convert -list command`: `-resize` and `+repage`. */
export function parseOperators(text: string): readonly string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()).filter((line) => /^[-+][a-z]/.test(line)))];
}

/** `convert -list format`: formats that can be written, in lower case. */
export function parseWritableFormats(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, name] = /^\s*(\S+?)\*?\s+\S+\s+[r-]w[+-]/.exec(line) ?? [];
    return name === undefined ? [] : [name.toLowerCase()];
  });
}

export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'warning' | 'bad' | 'own';

export type Paint = (text: string, tone: Tone) => string;

/** Select graphic rendition (ECMA-48, 8.3.117): the sixteen colours that every terminal has, as its owner has chosen them. */
const CODES: Readonly<Record<Exclude<Tone, 'plain'>, string>> = { strong: '1', dim: '2', good: '32', warning: '33', bad: '1;31', own: '36' };

/** Colour on a terminal alone, and not where NO_COLOR (no-color.org) forbids it. */
export function paintFor(env: NodeJS.ProcessEnv, isTerminal: boolean): Paint {
  const isWanted = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (text, tone) => (isWanted && tone !== 'plain' && text.trim() !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text);
}

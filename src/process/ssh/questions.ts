import type { SshQuestion } from './link.ts';

/** What ssh asks, by its words: nothing else of it tells a password from a host's key. */
export function questionOf(host: string, prompt: string): SshQuestion {
  const text = prompt.trim();
  const [, kind] = KINDS.find(([pattern]) => pattern.test(text)) ?? [undefined, 'other' as const];
  return { host, kind, text, secret: kind !== 'hostKey' && !/\b(?:confirm|allow)\b/i.test(text) };
}

const KINDS: readonly (readonly [RegExp, SshQuestion['kind']])[] = [
  [/authenticity of host|\(yes\/no/i, 'hostKey'],
  [/passphrase/i, 'passphrase'],
  [/verification code|one-time|\botp\b|passcode|token|authenticator|\bcode\b|duo/i, 'code'],
  [/password/i, 'password'],
];

/**
 * What ssh is told. Of a host's key it takes `yes` and `no` alone, and asks again for ever after anything else: whatever is not a
 * plain yes is a no.
 */
export function answerFor({ kind }: SshQuestion, answer: string | undefined): string | undefined {
  return kind === 'hostKey' ? (answer === 'yes' ? 'yes' : 'no') : answer;
}

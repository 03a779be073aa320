/**
 * Why ssh could not do it, or no longer. `signIn`: it needs an answer from a person: a password, a passphrase, a second factor, or
 * a yes to a host's key.
 */
export type SshProblem = 'signIn' | 'unreachable';

/** ssh's own exit code where it is not that of the command. */
export const SSH_FAILED = 255;

const SIGN_IN = [
  /Permission denied/,
  /Host key verification failed/,
  /REMOTE HOST IDENTIFICATION HAS CHANGED/,
  /No .* host key is known for/,
  /Too many authentication failures/,
  /Authentication failed/,
  /No more authentication methods/,
  /sign_and_send_pubkey: signing failed/,
  /No supported authentication methods/,
];

/** `said`: what it wrote to stderr, in English. */
export function sshProblem(said: string): SshProblem {
  return SIGN_IN.some((pattern) => pattern.test(said)) ? 'signIn' : 'unreachable';
}

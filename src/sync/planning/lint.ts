import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { formatBytes, formatCount } from '../../base/format.ts';
import { parentOf } from '../listing/ownNames.ts';
import type { Guard, PlanItem } from '../plan.ts';

const GIBIBYTE = 1024 ** 3;
const CROWDED = 10_000;
/** Folders and files that are named, of each kind that is only told. */
const MOST_TOLD = 20;

/** By name alone: nothing is opened. */
const SECRETS = [
  /^\.env(?:\.(?!example$|sample$|template$|dist$).+)?$/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/i,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$/i,
  /^\.?(?:netrc|pgpass|pypirc|git-credentials|htpasswd|vault-token)$/i,
  /^(?:credentials(?:\.json|\.ya?ml)?|client_secret.*\.json|service[-_]?account.*\.json|kaggle\.json|secrets?\.(?:json|ya?ml|toml|env))$/i,
];

export function isSecretName(path: BytePath): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return SECRETS.some((pattern) => pattern.test(name));
}

/**
 * What a person may not have meant to upload, of names that are new there: what looks like a secret is held back, the rest is told.
 */
export function lintUpload(items: readonly PlanItem[]): readonly Guard[] {
  const files = items.filter(({ action, source }) => action === 'create' && source?.kind === 'file');
  const perFolder = new Map<BytePath, number>();
  files.forEach(({ path }) => perFolder.set(parentOf(path) ?? '', (perFolder.get(parentOf(path) ?? '') ?? 0) + 1));
  return [
    ...files.filter(({ path }) => isSecretName(path)).map(({ path }): Guard => ({
      code: 'secret', severity: 'held', message: `${shownPath(path)} looks like a secret, and is held back`, below: path,
    })),
    ...files.filter(({ bytes }) => bytes > GIBIBYTE).slice(0, MOST_TOLD).map(({ path, bytes }): Guard => ({
      code: 'largeFile', severity: 'note', message: `${shownPath(path)} is ${formatBytes(bytes)}`, below: path,
    })),
    ...[...perFolder].filter(([, count]) => count >= CROWDED).slice(0, MOST_TOLD).map(([folder, count]): Guard => ({
      code: 'crowdedFolder', severity: 'note', message: `${folder === '' ? 'The folder' : shownPath(folder)} has ${formatCount(count)} new files`, below: folder,
    })),
  ]; // prettier-ignore
}

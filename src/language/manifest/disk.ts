import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { known } from '../../base/absent.ts';
import type { Media } from '../../media/media.ts';
import { MediaFacts } from '../../media/mediaFacts.ts';
import { MediaError } from '../../media/mediaError.ts';
import { extensionOf } from '../../media/names.ts';
import { lookAtPath } from '../../media/pathFacts.ts';
import { PresenceByListing } from '../../media/presence.ts';
import { checkMedia } from '../../media/rules/media.ts';
import type { PathFacts } from '../../media/rules/row.ts';
import type { HeaderFacts } from './kinds/kind.ts';

/** Headers that are remembered. */
const MOST_HEADERS = 200_000;
/** Folders below the manifest's that are tried. */
const MOST_FOLDERS = 40;

/** What manifests ask of the disk: whether files are there, by listing folders, and what their headers say. */
export class Disk {
  private presence = new PresenceByListing();
  private readonly facts = new MediaFacts();
  private readonly headers = new Map<string, HeaderFacts>();

  /** Where a value leads; undefined for addresses. Folders are listed once, until `forget`. */
  at(value: string, folder: string, others: readonly string[]): PathFacts | undefined {
    return lookAtPath(this.presence, value, folder, others);
  }

  isFile(path: string): boolean {
    return this.presence.isFile(path);
  }

  filesIn(folder: string): readonly string[] {
    return this.presence.filesIn(folder);
  }

  /** Folders that paths of a manifest may be meant from: those in and above its own, and the workspace's. */
  otherFolders(folder: string, workspace: readonly string[]): readonly string[] {
    const above = dirname(folder);
    return [...new Set([...foldersIn(folder), above, dirname(above), ...foldersIn(above), ...workspace])].filter((other) => other !== folder);
  }

  /** What was read of a header already. */
  known(path: string): HeaderFacts | undefined {
    return this.headers.get(path);
  }

  async media(path: string): Promise<Media | MediaError> {
    const found = await this.facts.of(path);
    if (!this.headers.has(path)) {
      if (this.headers.size >= MOST_HEADERS) {
        this.headers.clear();
      }
      this.headers.set(path, factsOf(found, path));
    }
    return found;
  }

  /** What was known of files that have changed, and of folders that hold them. */
  forget(paths: readonly string[]): void {
    this.presence = new PresenceByListing();
    for (const path of paths) {
      this.facts.forget(path);
      this.headers.delete(path);
    }
  }
}

function factsOf(media: Media | MediaError, path: string): HeaderFacts {
  if (media instanceof MediaError) {
    return { duration: undefined, sampleRate: undefined, size: undefined, findings: [{ code: 'media/unreadable', message: `${media.message}.` }] };
  }
  const isWhole = media.problems.length === 0;
  const width = known(media.image?.width);
  const height = known(media.image?.height);
  return {
    duration: isWhole ? known(media.duration) : undefined,
    sampleRate: known(media.audio?.sampleRate),
    size: width === undefined || height === undefined ? undefined : { width, height, orientation: known(media.image?.orientation) ?? 1 },
    findings: checkMedia(media, extensionOf(path)),
  };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .slice(0, MOST_FOLDERS)
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

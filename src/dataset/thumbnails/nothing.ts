import { MediaError } from '../../media/mediaError.ts';
import type { NoThumbnail, NoThumbnailReason } from '../webview/gallery/thumbnail.ts';

export function nothing(reason: NoThumbnailReason, words: string): NoThumbnail {
  return { drawn: 'nothing', reason, words };
}

/** Why a file's bytes could not be got at. */
export function unreadable(error: unknown, path: string): NoThumbnail {
  const problem = MediaError.from(error, path);
  const words = problem.message.startsWith(`${path} `) ? problem.message.slice(path.length + 1) : problem.message;
  return nothing(problem.reason === 'notFound' ? 'vanished' : 'refused', words);
}

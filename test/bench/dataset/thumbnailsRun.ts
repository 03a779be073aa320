/** Run by the bench: makes thumbnails of the files that stdin names, and prints how many seconds that took. */
import { text } from 'node:stream/consumers';
import { createThumbnailsService } from '../../../src/dataset/thumbnails/thumbnailsService.ts';

const [storage = ''] = process.argv.slice(2);
const files = (await text(process.stdin)).split('\n').filter((file) => file !== '');
const started = process.hrtime.bigint();
const service = createThumbnailsService({ storage, root: '/nowhere', cacheBytes: 2 ** 30 }, () => undefined);
const { signal } = new AbortController();
const made = await Promise.all(files.map(async (file) => service.handlers.thumbnail({ place: { file }, px: 256 }, signal)));
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const failed = made.filter(({ drawn }) => drawn !== 'picture').length;
if (failed > 0) {
  throw new Error(`${failed} thumbnails could not be made: ${JSON.stringify(made.find(({ drawn }) => drawn !== 'picture'))}`);
}
service.dispose();
process.stdout.write(`${seconds}\n`);

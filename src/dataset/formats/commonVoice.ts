import { basename, dirname, join } from 'node:path';
import { checkCommonVoiceRow } from '../../media/rules/speech.ts';
import { checkText } from '../../media/rules/row.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import { absolute, findFiles, manifestPart, mediumAt, text, word } from './support/manifests.ts';
import { openRows } from './support/rows.ts';

/** Tables that a release says which part is what by; the others are drawn on where none of these is there. */
const SPLITS = ['train', 'dev', 'test'];

/** Mozilla Common Voice: tables without quoting beside a folder of clips. */
export const commonVoice: DatasetFormat = {
  id: 'common-voice',
  title: 'Common Voice',
  recognise(look) {
    const [first, ...others] = tablesOf(look);
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first} with client_id, path and sentence`, ...(others.length > 0 ? [`${others.length} more tables`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const paths = tablesOf(look);
    if (paths.length === 0) {
      throw new DatasetError('unknown', `${root} holds no table of Common Voice`);
    }
    const tables = await Promise.all(
      paths.map(async (path) => {
        const file = absolute(look, path);
        const name = basename(file, '.tsv');
        return { rows: await openRows(file, { delimiter: '\t', quotes: false, signal }), clips: join(dirname(file), 'clips'), split: name, prefix: paths.length > 1 ? `${name}/` : '' };
      }),
    );
    return createDataset({
      format: commonVoice.id,
      parts: tables.map(({ rows, clips, ...options }) =>
        manifestPart(
          rows,
          (value, { row }) => {
            const sentence = text(value.sentence);
            const speaker = word(value.client_id);
            return {
              id: word(value.path) ?? `row ${row}`,
              media: mediumAt('path', value.path, clips, 'audio'),
              labels: [value.accents, value.accent].flatMap((accent) => word(accent) ?? []),
              ...(sentence !== undefined && { text: sentence }),
              ...(speaker !== undefined && { speaker }),
            };
          },
          options,
        ),
      ),
      splits: distinct(tables.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const { rows, clips } of tables) {
          const seen = new Seen(run.hash);
          if (rows.header?.includes('accent') === true && !rows.header.includes('accents')) {
            run.say({ file: rows.file }, { code: 'common-voice/old-header', key: 'accent', message: 'The column is called accent and not accents.' });
          }
          await run.rows(rows, ({ value, row }, at) => {
            run.say(at, ...checkCommonVoiceRow(value), ...checkText(text(value.sentence) ?? '', 'sentence'));
            const path = text(value.path) ?? '';
            if (/\.\w{2,4}$/.test(path)) {
              run.path(at, 'path', path, clips);
            }
            const before = seen.meet(path, row);
            if (before !== undefined) {
              run.say(at, { code: 'row/duplicate', key: 'path', message: `${path} stands in row ${before} already.`, related: join(clips, path) });
            }
          });
        }
      },
    });
  },
};

function tablesOf(look: FolderLook): string[] {
  const tables = findFiles(look, /\.tsv$/i).filter((path) => {
    const names = look.lines(path, 1)[0]?.split('\t') ?? [];
    return ['client_id', 'path', 'sentence'].every((name) => names.includes(name));
  });
  const splits = tables.filter((path) => SPLITS.includes(basename(path, '.tsv')));
  return splits.length > 0 ? splits : tables;
}

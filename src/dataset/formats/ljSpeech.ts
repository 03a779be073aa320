import { dirname, join } from 'node:path';
import { checkText } from '../../media/rules/row.ts';
import { checkLjSpeechLine } from '../../media/rules/speech.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, Evidence, FolderLook } from '../format.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset } from './support/createDataset.ts';
import { absolute, findFiles, manifestPart, text, word } from './support/manifests.ts';
import { openRows } from './support/rows.ts';

/** LJSpeech and the many corpora written like it: `id|text|normalised text` beside a folder of recordings. */
export const ljSpeech: DatasetFormat = {
  id: 'ljspeech',
  title: 'LJSpeech',
  recognise: (look) => find(look)?.evidence,
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const found = find(look);
    if (found === undefined) {
      throw new DatasetError('unknown', `${root} holds no metadata.csv beside a folder wavs`);
    }
    const rows = await openRows(absolute(look, found.path), { delimiter: '|', quotes: false, names: ['id', 'text', 'normalized'], signal });
    const wavs = join(dirname(rows.file), 'wavs');
    return createDataset({
      format: ljSpeech.id,
      parts: [
        manifestPart(rows, (value, { row }) => {
          const id = word(value.id) ?? `row ${row}`;
          const words = text(value.normalized) ?? text(value.text);
          return { id, media: [{ role: 'wav', kind: 'audio', place: { file: join(wavs, `${id.replace(/\.wav$/i, '')}.wav`) } }], labels: [], ...(words !== undefined && { text: words }) };
        }),
      ],
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        const seen = new Seen(run.hash);
        for await (const { row, value } of rows.read(0, checkSignal)) {
          await run.breathe();
          const at = { file: rows.file, row };
          const line = Object.values(value ?? {}).join('|');
          const findings = checkLjSpeechLine(line, row === 1);
          run.say(at, ...findings);
          const id = text(value?.id)?.replace(/\.wav$/i, '') ?? '';
          if (findings.some(({ code }) => code === 'ljspeech/header' || code === 'ljspeech/separator')) {
            continue;
          }
          run.path(at, 'id', `${id}.wav`, wavs);
          run.say(at, ...checkText(text(value?.text) ?? '', 'text'));
          const before = seen.meet(id, row);
          if (before !== undefined) {
            run.say(at, { code: 'row/duplicate-id', key: 'id', message: `${id} stands in row ${before} already.` });
          }
        }
      },
    });
  },
};

function find(look: FolderLook): { readonly path: string; readonly evidence: Evidence } | undefined {
  for (const path of findFiles(look, /(?:^|\/)metadata\.csv$/)) {
    const [first = '', second = ''] = look.lines(path, 2);
    const folder = dirname(path) === '.' ? '' : dirname(path);
    const wavs = look.isFile || look.list(folder).folders.includes('wavs');
    const cells = second.split('|').length;
    if (cells >= 2 && cells <= 3) {
      return { path, evidence: { score: wavs ? 0.95 : 0.6, reasons: [`${path} with ${cells} cells between |${wavs ? ' beside wavs' : ''}`] } };
    }
    if (wavs && !look.isFile && !/\bfile_names?\b/.test(first)) {
      return { path, evidence: { score: 0.5, reasons: [`${path} beside wavs`] } };
    }
  }
  return undefined;
}

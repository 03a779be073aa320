import { DatasetError } from '../../datasetError.ts';
import { createFolderLook } from '../../folderLook.ts';
import type { DatasetFormat } from '../../format.ts';
import { CheckRun } from '../support/checkRun.ts';
import { createDataset } from '../support/createDataset.ts';
import { manifestPart } from '../support/manifests.ts';
import { checkLeRobot } from './check.ts';
import type { Layout } from './episodes.ts';
import { episodeDraft, openEpisodes } from './episodes.ts';
import { INFO, layoutOf, readInfo, versionOf } from './info.ts';

/** LeRobot's data sets of robots: a file an episode until 2.1, many episodes a file from 3.0 on. */
export const leRobot2 = leRobot('lerobot-v2', 'LeRobot 2.x', 'v2');
export const leRobot3 = leRobot('lerobot-v3', 'LeRobot 3.0', 'v3');

function leRobot(id: string, title: string, layout: Layout): DatasetFormat {
  return {
    id,
    title,
    recognise(look) {
      const version = versionOf(look);
      const found = layoutOf(look) ?? (version?.replace('v', '').startsWith('3') === true ? 'v3' : 'v2');
      return version === undefined || found !== layout ? undefined : { score: version.startsWith(layout) ? 0.98 : 0.9, reasons: [`${INFO} with codebase_version ${version}`, `the files of ${layout}`] };
    },
    async open(root, { signal } = {}) {
      const info = readInfo(root);
      const found = layoutOf(createFolderLook(root));
      if (info === undefined || found !== layout) {
        throw new DatasetError(info === undefined ? 'malformed' : 'unknown', info === undefined ? `${root}/${INFO} is not there or is no JSON` : `${root} has no episodes of LeRobot ${layout}`);
      }
      const tables = await openEpisodes(root, layout, signal);
      return createDataset({
        format: id,
        parts: tables.map((rows) => manifestPart(rows, (value, { row }) => episodeDraft(root, info, layout, value, row))),
        splits: info.splits.map(({ name }) => name),
        async check(tell, checkSignal) {
          await checkLeRobot(await CheckRun.start(tell, checkSignal), { root, info, layout, tables });
        },
      });
    },
  };
}

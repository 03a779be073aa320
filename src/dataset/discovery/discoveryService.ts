import * as v from 'valibot';
import type { CreateService } from '../service.ts';
import type { DiscoveryApi } from './discoveryApi.ts';
import { describeDataset, findDatasets } from './findDatasets.ts';

const PATH = v.pipe(v.string(), v.startsWith('/'));
const FIND = v.object({ folders: v.array(PATH), excluded: v.array(PATH) });
const DESCRIBE = v.object({ root: PATH });

export const createDiscoveryService: CreateService<DiscoveryApi, object> = () => ({
  handlers: {
    find(params, signal) {
      const { folders, excluded } = v.parse(FIND, params);
      return findDatasets(folders, { excluded, isOver: () => signal.aborted });
    },
    describe: (params) => describeDataset(v.parse(DESCRIBE, params).root),
  },
  dispose: () => undefined,
});

import { join } from 'node:path';
import { MemberFiles } from '../media/archives/memberFiles.ts';
import type { OpenArchives } from '../media/archives/openPlace.ts';
import type { ServiceContext } from './service.ts';

/** Members of archives as files for a service; copies lie in the window's own storage. */
export function memberFiles({ storage }: Pick<ServiceContext, 'storage'>, archives?: OpenArchives): MemberFiles {
  return new MemberFiles({ folder: join(storage, 'members'), ...(archives && { archives }) });
}

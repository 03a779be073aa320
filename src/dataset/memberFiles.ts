import { join } from 'node:path';
import { MemberFiles } from '../media/archives/memberFiles.ts';
import type { OpenArchives } from '../media/archives/openPlace.ts';
import type { ServiceContext } from './service.ts';

/** Where copies of packed members lie as long as they are looked at: in the window's own storage. */
export function copiesFolder({ storage }: Pick<ServiceContext, 'storage'>): string {
  return join(storage, 'members');
}

/** Members of archives as files for a service. */
export function memberFiles(context: Pick<ServiceContext, 'storage'>, archives?: OpenArchives): MemberFiles {
  return new MemberFiles({ folder: copiesFolder(context), ...(archives && { archives }) });
}

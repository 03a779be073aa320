import type { MediaPlace } from './place.ts';

/** Of the read-only file system that shows what is inside archives and tables. */
export const INSIDE_SCHEME = 'trainyard-inside';

/** The parts of the address of a member: `file!/member` as the path, so that tabs and languages go by the member's name; the query says where the file's path ends. */
export function insideUriParts({ file, member }: MediaPlace & { readonly member: string }): { readonly scheme: string; readonly path: string; readonly query: string } {
  return { scheme: INSIDE_SCHEME, path: `${file}!/${member}`, query: String(file.length) };
}

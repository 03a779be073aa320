import { extname } from 'node:path';

/** The name under which a cell of a table is opened as a member of it: `image/12.jpg`, rows counted from 0. */
export function cellMember(column: string, row: number, path?: string): string {
  const extension = path === undefined ? '' : extname(path);
  return `${column}/${row}${/^\.\w{1,12}$/.test(extension) ? extension : ''}`;
}

/** Undefined where it is no such name. */
export function cellOfMember(member: string): { readonly column: string; readonly row: number } | undefined {
  const [, column, row] = /^([^]*)\/(\d{1,15})(?:\.\w{1,12})?$/.exec(member) ?? [];
  return column === undefined ? undefined : { column, row: Number(row) };
}

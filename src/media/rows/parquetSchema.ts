import type { FileMetaData, RowGroup, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetSchema } from 'hyparquet';

/** What a column's bytes of pictures and sounds are, and how its other values are read without them. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: string;
  /** The path of the leaf with large bytes: the column itself, or `bytes` of a struct. */
  readonly heavy: readonly string[] | undefined;
  /** Whether something is left to be read without them. */
  readonly hasRest: boolean;
}

/** Mean bytes of a cell from which on its bytes are read only when asked for. */
const HEAVY = 4096;

export function columnsOf(metadata: FileMetaData): readonly ParquetColumn[] {
  const means = meanSizes(metadata);
  return parquetSchema(metadata).children.map((column) => {
    const heavy = heavyLeaf(column, means);
    return { name: column.element.name, type: typeName(column), heavy, hasRest: heavy === undefined || heavy.length > 1 };
  });
}

function heavyLeaf(column: SchemaTree, means: ReadonlyMap<string, number>): readonly string[] | undefined {
  if (isBytes(column.element)) {
    return (means.get(column.path.join('.')) ?? 0) >= HEAVY ? column.path : undefined;
  }
  const bytes = column.children.find(({ element }) => element.name === 'bytes' && isBytes(element));
  const named = column.children.some(({ element }) => element.name === 'path');
  return bytes && (named || (means.get(bytes.path.join('.')) ?? 0) >= HEAVY) && column.children.length > 1 ? bytes.path : undefined;
}

function isBytes({ type, converted_type, logical_type, repetition_type }: SchemaElement): boolean {
  return type === 'BYTE_ARRAY' && converted_type === undefined && logical_type === undefined && repetition_type !== 'REPEATED';
}

function meanSizes({ row_groups }: FileMetaData): Map<string, number> {
  const means = new Map<string, number>();
  for (const { meta_data } of row_groups[0]?.columns ?? []) {
    if (meta_data) {
      means.set(meta_data.path_in_schema.join('.'), Number(meta_data.total_uncompressed_size) / Math.max(1, Number(meta_data.num_values)));
    }
  }
  return means;
}

function typeName({ element, children }: SchemaTree): string {
  const { type, converted_type, logical_type } = element;
  if (converted_type === 'LIST' || logical_type?.type === 'LIST' || element.repetition_type === 'REPEATED') {
    return 'list';
  }
  if (converted_type === 'MAP' || logical_type?.type === 'MAP') {
    return 'map';
  }
  if (children.length > 0) {
    return 'struct';
  }
  const logical = (logical_type?.type ?? converted_type)?.toLowerCase().replace(/_(?:millis|micros)$/, '');
  const physical = { BOOLEAN: 'bool', INT32: 'int32', INT64: 'int64', INT96: 'timestamp', FLOAT: 'float', DOUBLE: 'double', BYTE_ARRAY: 'bytes', FIXED_LEN_BYTE_ARRAY: 'bytes' }[type ?? 'INT32'];
  return logical === undefined || logical === 'integer' ? physical : logical === 'utf8' ? 'string' : logical;
}

/** The same file as if it had no leaf of that path, or no other leaf of its column. */
export function project(metadata: FileMetaData, keep: (path: readonly string[]) => boolean): FileMetaData {
  const schema: SchemaElement[] = [];
  const visit = (tree: SchemaTree): boolean => {
    if (tree.children.length === 0) {
      if (tree.path.length > 0 && !keep(tree.path)) {
        return false;
      }
      schema.push(tree.element);
      return true;
    }
    const at = schema.push(tree.element) - 1;
    const kept = tree.children.filter(visit).length;
    if (kept === 0 && tree.path.length > 0) {
      schema.length = at;
      return false;
    }
    schema[at] = { ...tree.element, num_children: kept };
    return true;
  };
  visit(parquetSchema(metadata));
  const row_groups = metadata.row_groups.map((group): RowGroup => ({ ...group, columns: group.columns.filter(({ meta_data }) => meta_data && keep(meta_data.path_in_schema)) }));
  return { ...metadata, schema, row_groups };
}

/** Whether a leaf can have several values in one row. */
export function isRepeated(metadata: FileMetaData, path: readonly string[]): boolean {
  let tree: SchemaTree | undefined = parquetSchema(metadata);
  for (const name of path) {
    tree = tree?.children.find(({ element }) => element.name === name);
    if (tree?.element.repetition_type === 'REPEATED') {
      return true;
    }
  }
  return tree === undefined;
}

import type { Finding, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const SHARD_RULES = {
  'tar/truncated': { severity: 'error', title: 'Shard is cut short', help: 'The tar ends in the middle of a member: its last samples are lost. Copy or write it again.' },
  'tar/damaged': { severity: 'error', title: 'Shard is damaged', help: 'A header in the tar has a wrong checksum: what follows it cannot be read.' },
  'tar/no-end': { severity: 'warning', title: 'Shard without its end mark', help: 'A tar ends with two blocks of zeros. Without them it may have been cut off between two members.' },
  'webdataset/not-adjacent': { severity: 'error', title: 'Members of a sample are not together', help: 'Readers go through the tar once: a sample whose members are apart becomes two halves. Sort the names before packing.' },
  'webdataset/duplicate-field': { severity: 'error', title: 'Sample has a field twice', help: 'webdataset stops with “duplicate file name in tar file”.' },
  'webdataset/field-missing': { severity: 'error', title: 'Sample lacks a field of the others', help: 'to_tuple and decoders stop, or leave the sample out.' },
  'webdataset/dots': { severity: 'warning', title: 'Dots within the names', help: 'The key ends at the first dot of the base name: what follows becomes part of the field.' },
  'webdataset/same-key': { severity: 'warning', title: 'Key is in two shards', help: 'The sample counts twice, or caches that go by key mix the two up.' },
  'webdataset/foreign': { severity: 'warning', title: 'Member that is no data', help: 'macOS puts ._ files beside the real ones: readers take them for samples. Pack with COPYFILE_DISABLE=1.' },
  'img2dataset/count': { severity: 'error', title: 'Shard and its table differ', help: 'The count of samples in the tar is not that of the rows with status success.' },
  'img2dataset/stats-missing': { severity: 'warning', title: 'Shard was not finished', help: 'The _stats.json is written last: without it the download of this shard was broken off.' },
  'img2dataset/tar-missing': { severity: 'error', title: 'Table without its shard', help: 'The tar that the table is about is not there.' },
  'tfrecord/truncated': { severity: 'error', title: 'Record is cut short', help: 'TensorFlow stops with DataLossError: truncated record.' },
  'tfrecord/checksum': { severity: 'error', title: 'Record with a wrong checksum', help: 'TensorFlow stops with DataLossError: corrupted record.' },
  'tfrecord/shard-missing': { severity: 'error', title: 'Shard is missing', help: 'The names say how many shards there are, and one of them is not there.' },
  'tfrecord/gzip': { severity: 'warning', title: 'Packed with gzip, and the name does not say so', help: 'TFRecordDataset has to be told compression_type="GZIP", or stops with a corrupted record.' },
} as const satisfies Rules;

type Code = keyof typeof SHARD_RULES;

export interface ShardMember {
  readonly key: string;
  readonly field: string;
  readonly name: string;
}

/** Splits a member's name as webdataset does; undefined where it has no field. */
export function memberOf(name: string): ShardMember | undefined {
  const [, key, field] = /^((?:.*\/|)[^./][^.]*)[.]([^/]*)$/.exec(name) ?? [];
  return key === undefined || field === undefined ? undefined : { key, field: field.toLowerCase(), name };
}

/** Goes along the members of one shard, in order. */
export class ShardOrder {
  private readonly keys = new Map<string, number>();
  private readonly fields = new Set<string>();
  private current: string | undefined;
  /** How many samples have a field. */
  readonly fieldCounts = new Map<string, number>();
  /** A sample's fields, for the ones that lack some. */
  readonly samples: { readonly key: string; readonly fields: readonly string[] }[] = [];

  take({ key, field, name }: ShardMember): Finding<Code>[] {
    const findings: Finding<Code>[] = [];
    if (key !== this.current) {
      this.finish();
      this.current = key;
      if (this.keys.has(key)) {
        findings.push({ code: 'webdataset/not-adjacent', key, message: `${quoted(name)} stands apart from the other members of ${quoted(key)}.` });
      }
      this.keys.set(key, this.keys.size);
    }
    if (this.fields.has(field)) {
      findings.push({ code: 'webdataset/duplicate-field', key, message: `${quoted(key)} has the field ${quoted(field)} twice.` });
    }
    this.fields.add(field);
    return findings;
  }

  finish(): void {
    if (this.current !== undefined) {
      this.samples.push({ key: this.current, fields: [...this.fields] });
      for (const field of this.fields) {
        this.fieldCounts.set(field, (this.fieldCounts.get(field) ?? 0) + 1);
      }
    }
    this.fields.clear();
    this.current = undefined;
  }
}

/** Samples that lack fields which most of the others have, and names with dots that made many fields. */
export function checkShardFields({ samples, fieldCounts }: ShardOrder): Finding<Code>[] {
  const usual = [...fieldCounts].filter(([, count]) => count * 2 > samples.length).map(([field]) => field);
  const findings: Finding<Code>[] = [];
  for (const { key, fields } of samples) {
    const lacking = usual.filter((field) => !fields.includes(field));
    if (lacking.length > 0) {
      findings.push({ code: 'webdataset/field-missing', key, message: `${quoted(key)} has no ${lacking.join(', no ')}.` });
    }
  }
  const dotted = [...fieldCounts.keys()].filter((field) => field.includes('.') && !/^[a-z_]+\.(?:png|jpg|jpeg|npy|txt|json|pyd|gz)$/.test(field));
  if (dotted.length > 0) {
    findings.push({ code: 'webdataset/dots', message: `Names have dots before their extension: the fields are ${dotted.slice(0, 3).map(quoted).join(', ')}${dotted.length > 3 ? ' and more' : ''}.` });
  }
  return findings;
}

import type { CheckpointFile, CheckpointFormat, CheckpointListing, CheckpointSource, Inspection, TensorPlace } from '../../checkpoint.ts';
import { readZipDirectory, readZipMember } from '../binary/zipDirectory.ts';
import type { ZipMember } from '../binary/zipDirectory.ts';
import { dtypeBytes } from '../dtypes.ts';
import { complete, countsOf, damaged, progressFacts, undecided, unfinished, withoutTensors } from '../facts.ts';
import { mergeProgress, progressOfName } from '../namedProgress.ts';
import { PickleError, readPickle } from '../pickle/readPickle.ts';
import { torchContents } from '../pickle/torchContents.ts';
import type { TorchContents } from '../pickle/torchContents.ts';

const MAX_PICKLE = 256 * 1024 * 1024;
const NAMES = /\.(?:pt|pth|bin|ckpt|tar)$/i;
const ZIP = 'PK\x03\x04';

/** `torch.save` since 1.6 (torch/csrc, caffe2/serialize): a zip file with a pickle and a member for each storage. */
export const torch: CheckpointFormat = {
  id: 'torch',
  title: 'PyTorch',
  depth: 1,
  evidence: (_, head, focus) => torchEvidence(head, focus),
  inspect: async (source, listing, signal) => (await inspectTorch(source, listing, focused(source, listing), signal)).inspection,
};

export function torchEvidence(head: Buffer, focus: string | undefined): number {
  if (focus === undefined) {
    return 0;
  }
  const named = NAMES.test(focus);
  return head.toString('latin1', 0, 4) === ZIP ? (named ? 0.7 : head.includes('/data.pkl') ? 0.6 : 0.1) : named ? 0.3 : 0;
}

export function focused(source: CheckpointSource, { files }: CheckpointListing): CheckpointFile {
  const file = files.find(({ name }) => name === source.focus);
  if (file === undefined) {
    throw new Error('There is no such file.');
  }
  return file;
}

/** Any file of a source that is to be one of `torch.save`. */
export async function inspectTorch(source: CheckpointSource, { now }: CheckpointListing, file: CheckpointFile, signal?: AbortSignal): Promise<{ readonly inspection: Inspection; readonly contents?: TorchContents }> {
  const { name, size } = file;
  const named = progressOfName(name);
  const without = (verdict: Parameters<typeof withoutTensors>[0], why: string) => ({ inspection: withoutTensors(verdict, why, [name], named) });
  const zip = await readZipDirectory(source, name, size, signal);
  if ('problem' in zip) {
    return without(zip.problem === 'cut' ? unfinished(zip.message, [file], now) : undecided(zip.message), 'its directory is not there');
  }
  const pickle = zip.members.find((member) => /^(?:[^/]+\/)?data\.pkl$/.test(member.name));
  if (pickle === undefined) {
    return without(damaged('It is a zip file without the data.pkl that torch.save writes.'), 'it has no data.pkl');
  }
  const bytes = await readZipMember(source, name, pickle, MAX_PICKLE, signal);
  if (bytes === undefined) {
    return without(undecided('Its directory is whole; its data.pkl is larger than is read of any, or is packed otherwise.'), 'its data.pkl is not read');
  }
  const prefix = pickle.name.slice(0, -'data.pkl'.length);
  const members = new Map(zip.members.map((member) => [member.name, member]));
  const memberOf = (key: string): ZipMember | undefined => members.get(`${prefix}data/${key}`);
  try {
    const contents = torchContents(readPickle(bytes).value, ({ key }): TensorPlace | undefined => {
      const member = memberOf(key);
      return member?.stored === true ? { file: name, offset: 0, length: member.size, member: member.header } : undefined;
    });
    const short = [...contents.storages.values()].find(({ key, dtype, count }) => (memberOf(key)?.size ?? -1) < count * (dtypeBytes(dtype) ?? 0));
    const verdict = short ? damaged(`The values ${short.key} that its data.pkl names are ${memberOf(short.key) ? 'cut short' : 'not there'}.`) : complete(`Its directory and all ${contents.storages.size} storages are there.`);
    return {
      contents,
      inspection: { facts: { ...verdict, ...countsOf(contents.tensors), ...progressFacts(mergeProgress(contents.progress, named)) }, tensors: contents.tensors, metadata: contents.metadata, markers: [], files: [name] },
    };
  } catch (error) {
    if (!(error instanceof PickleError)) {
      throw error;
    }
    return without(error.reason === 'large' ? undecided(error.message) : damaged(error.message), 'its data.pkl cannot be read');
  }
}

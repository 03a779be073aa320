import { absent } from '../../base/absent.ts';
import type { FilePart } from '../filePart.ts';
import { ArrayError } from './arrayError.ts';
import type { ArraySource } from './arraySource.ts';
import type { ByteArray } from './byteArrays.ts';
import { ByteArrays } from './byteArrays.ts';
import { simpleType } from './elementType.ts';
import { isDeflated } from '../archives/unpackMember.ts';
import { openBytes } from './fileBytes.ts';
import { npyArrays, readNpyHeader, sizeProblems } from './npyArrays.ts';
import type { ZipMember } from './npzMembers.ts';
import { memberBytes, zipMembers } from './npzMembers.ts';

/** Members whose headers are read when the file is opened. */
const MAX_HEADERS = 2000;

/** `numpy.savez`: a zip file of NPY files. Rejects with an `ArrayError` or a `MediaError`. */
export async function openNpz(part: FilePart): Promise<ArraySource> {
  const bytes = openBytes(part);
  const opened = new Set<{ close(): void }>();
  const onClose = () => {
    opened.forEach((member) => member.close());
    bytes.close();
  };
  try {
    const problems: string[] = [];
    const members = zipMembers(bytes.reader(), (problem) => problems.push(problem));
    if (members.length > MAX_HEADERS) {
      problems.push(`It has ${members.length} members, of which the first ${MAX_HEADERS} are shown.`);
    }
    const arrays: ByteArray[] = [];
    for (const member of members.slice(0, MAX_HEADERS)) {
      arrays.push(...(await memberArrays(member)));
    }
    const deflated = members.filter(isDeflated).length;
    return new ByteArrays({
      format: 'npz',
      arrays,
      separator: '/',
      facts: [
        { name: 'Members', value: String(members.length) },
        { name: 'Compression', value: deflated === 0 ? 'none' : deflated === members.length ? 'deflate' : `deflate in ${deflated} of ${members.length}` },
      ],
      problems,
      onClose,
    });

    async function memberArrays(member: ZipMember): Promise<readonly ByteArray[]> {
      const path = member.name.replace(/\.npy$/, '');
      try {
        const own = memberBytes(bytes.reader(), member);
        opened.add(own);
        const header = await readNpyHeader(own);
        problems.push(...sizeProblems(header, own.size).map((problem) => `${member.name}: ${problem}`));
        return npyArrays(path, header, own.size, () => own).map((array) => ({
          ...array,
          entry: { ...array.entry, storage: [...array.entry.storage, ...(isDeflated(member) ? [`deflated to ${member.packed} bytes`] : [])] },
        }));
      } catch (error) {
        if (!(error instanceof ArrayError)) {
          throw error;
        }
        const entry = { path, shape: [], type: simpleType('void', 0, false), bytes: absent('not read'), unreadable: error.message, storage: [], attributes: [] };
        return [{ entry, offset: 0, fortranOrder: false, open: () => bytes.reader() }];
      }
    }
  } catch (error) {
    onClose();
    throw error;
  }
}

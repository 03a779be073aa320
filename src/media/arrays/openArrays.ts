import { extname } from 'node:path';
import type { FilePart } from '../filePart.ts';
import { nameOfPart } from '../filePart.ts';
import { ArrayError } from './arrayError.ts';
import type { ArraySource } from './arraySource.ts';
import { openBytes } from './fileBytes.ts';
import { openNpy, openPoints } from './npyArrays.ts';

const HDF5_MARK = '\x89HDF\r\n\x1a\n';

/** Opens a file of arrays by its first bytes, or by its name where these do not tell. Rejects with an `ArrayError` or a `MediaError`. */
export async function openArrays(where: FilePart | string): Promise<ArraySource> {
  const part = typeof where === 'string' ? { file: where } : where;
  const bytes = openBytes(part);
  const head = Buffer.from(bytes.reader().read(0, 64));
  bytes.close();
  const start = head.toString('latin1');
  if (start.startsWith('\x93NUMPY')) {
    return openNpy(part);
  }
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) {
    return (await import('./npzArrays.ts')).openNpz(part);
  }
  if (start.startsWith(HDF5_MARK)) {
    return (await import('./hdf5Arrays.ts')).openHdf5(part);
  }
  const extension = extname(nameOfPart(part)).toLowerCase();
  if (extension === '.safetensors' || start.slice(8).trimStart().startsWith('{')) {
    return (await import('./safetensorsArrays.ts')).openSafetensors(part);
  }
  if (extension === '.h5' || extension === '.hdf5') {
    // Its mark may stand behind a block of the user's.
    return (await import('./hdf5Arrays.ts')).openHdf5(part);
  }
  if (extension === '.bin') {
    return openPoints(part);
  }
  if (start.startsWith('version https://git-lfs.github.com/spec/')) {
    throw new ArrayError('malformed', 'It is a pointer of Git LFS, not the data: run git lfs pull.');
  }
  throw new ArrayError('malformed', head.length === 0 ? 'It is empty.' : 'It starts like none of NPY, NPZ, safetensors and HDF5.');
}

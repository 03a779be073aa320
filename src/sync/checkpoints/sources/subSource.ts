import type { CheckpointListing, CheckpointSource } from '../../checkpoint.ts';

/** One file, or one folder, within a source as a source of its own; what it lists is what was listed already. */
export function subSource(source: CheckpointSource, listing: CheckpointListing, folder: string, focus?: string): { readonly source: CheckpointSource; readonly listing: CheckpointListing } {
  const prefix = folder === '' ? '' : `${folder}/`;
  const files = listing.files.filter(({ name }) => name.startsWith(prefix)).map((file) => ({ ...file, name: file.name.slice(prefix.length) }));
  const own: CheckpointListing = { now: listing.now, files };
  return {
    listing: own,
    source: {
      path: source.path,
      folderName: folder === '' ? source.folderName : (folder.split('/').at(-1) ?? folder),
      ...(focus !== undefined && { focus }),
      list: () => Promise.resolve(own),
      read: (ranges, signal) => source.read(ranges.map((range) => ({ ...range, file: `${prefix}${range.file}` })), signal),
      digest: (ranges, signal) => source.digest(ranges.map((range) => ({ ...range, file: `${prefix}${range.file}` })), signal),
    },
  };
}

/** Its inspection's names as the whole's are. */
export function lifted<T extends { readonly files: readonly string[]; readonly markers: readonly string[]; readonly tensors: readonly { readonly place?: { readonly file: string } }[] }>(folder: string, inspection: T): T {
  if (folder === '') {
    return inspection;
  }
  const lift = (name: string) => `${folder}/${name}`;
  return {
    ...inspection,
    files: inspection.files.map(lift),
    markers: inspection.markers.map(lift),
    tensors: inspection.tensors.map((tensor) => (tensor.place ? { ...tensor, place: { ...tensor.place, file: lift(tensor.place.file) } } : tensor)),
  };
}

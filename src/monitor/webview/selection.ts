import type { Moment } from './model.ts';

/** The keys of everything that goes with what is selected: a GPU, its processes and its run, and the reverse. */
export function linked({ gpus, processes, runs }: Pick<Moment, 'gpus' | 'processes' | 'runs'>, selected: string | undefined): ReadonlySet<string> {
  if (selected === undefined) {
    return new Set();
  }
  const held = new Set(gpus.some(({ key }) => key === selected) ? [selected] : ([...processes, ...runs].find(({ key }) => key === selected)?.gpuKeys ?? []));
  const uses = ({ gpuKeys }: { readonly gpuKeys: readonly string[] }) => gpuKeys.some((key) => held.has(key));
  const fromGpu = held.has(selected);
  return new Set([
    selected,
    ...held,
    ...runs.filter(uses).map(({ key }) => key),
    // Of a shared GPU the others' processes are not those of the selected one.
    ...(fromGpu || runs.some(({ key }) => key === selected) ? processes.filter(uses).map(({ key }) => key) : []),
  ]);
}

import { workspace } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Services } from '../../platform/services.ts';
import type { CatalogueApi, CatalogueEvents, Summary } from '../catalogue/catalogueApi.ts';
import type { DiscoveryApi, Found, FoundDataset } from '../discovery/discoveryApi.ts';
import type { ServiceThread } from '../serviceThread.ts';
import type { DatasetFace } from './datasetFace.ts';
import type { ThreadShare } from './sharedThread.ts';

interface Memory {
  readonly added: readonly string[];
  readonly excluded: readonly string[];
  readonly formats: Readonly<Record<string, string>>;
  readonly galleries: readonly string[];
}

const NOTHING: Memory = { added: [], excluded: [], formats: {}, galleries: [] };

/** The datasets of this window: found, added and excluded ones, and what their catalogues say. Nothing is read before it is asked. */
export class DatasetsModel implements Disposable {
  private readonly own = new DisposableStore();
  private readonly changed = this.own.add(new Emitter<string | undefined>());
  private readonly summarised = this.own.add(new Emitter<Summary>());
  private readonly summaries = new Map<string, Summary>();
  private readonly discovery: ThreadShare<DiscoveryApi>;
  private found: Found | undefined;
  private added = new Map<string, FoundDataset>();
  private finding: Promise<void> | undefined;

  readonly catalogue: ServiceThread<CatalogueApi, CatalogueEvents>;
  /** A dataset's root, or undefined where the list is another one. */
  readonly onDidChange = this.changed.event;
  readonly onDidSummarise = this.summarised.event;

  constructor(
    face: DatasetFace,
    private readonly services: Services,
  ) {
    this.catalogue = face.thread<CatalogueApi, CatalogueEvents>('catalogue', { changed: (summary) => this.take(summary as Summary) });
    this.discovery = this.own.add(face.share<DiscoveryApi>('discovery'));
    this.own.add(workspace.onDidChangeWorkspaceFolders(() => void this.refresh()));
  }

  /** What was found; undefined until the search has ended once. */
  get search(): Found | undefined {
    return this.found;
  }

  get datasets(): readonly FoundDataset[] {
    const excluded = new Set(this.memory.excluded);
    const found = (this.found?.datasets ?? []).filter(({ root }) => !excluded.has(root) && !this.added.has(root));
    return [...this.added.values(), ...found];
  }

  get excluded(): readonly string[] {
    return this.memory.excluded;
  }

  isAdded(root: string): boolean {
    return this.added.has(root);
  }

  summaryOf(root: string): Summary | undefined {
    return this.summaries.get(root);
  }

  /** Looks for datasets once; the next call waits for the same search. */
  find(): Promise<void> {
    this.finding ??= this.look();
    return this.finding;
  }

  async refresh(): Promise<void> {
    this.finding = undefined;
    await this.find();
    await Promise.all([...this.summaries.keys()].map(async (root) => this.take(await this.catalogue.request('refresh', { root }))));
  }

  /** Opens a dataset's catalogue, which begins to fill. */
  async open(root: string): Promise<Summary> {
    const format = this.memory.formats[root];
    const summary = await this.catalogue.request('open', { root, ...(format !== undefined && { format }) });
    this.take(summary);
    return summary;
  }

  async add(root: string): Promise<void> {
    const { added, excluded } = this.memory;
    this.remember({ added: [...new Set([...added, root])], excluded: excluded.filter((other) => other !== root) });
    await this.describeAdded();
    this.changed.fire(undefined);
  }

  exclude(root: string): void {
    const { added, excluded } = this.memory;
    this.remember({ added: added.filter((other) => other !== root), excluded: [...new Set([...excluded, root])] });
    this.added.delete(root);
    this.summaries.delete(root);
    void this.catalogue.request('close', { root }).catch(() => undefined);
    this.changed.fire(undefined);
  }

  include(roots: readonly string[]): void {
    this.remember({ excluded: this.memory.excluded.filter((root) => !roots.includes(root)) });
    void this.refresh();
  }

  async pin(root: string, format: string): Promise<void> {
    this.remember({ formats: { ...this.memory.formats, [root]: format } });
    await this.open(root);
  }

  readonly galleries = {
    take: (): readonly string[] => this.memory.galleries,
    keep: (galleries: readonly string[]): void => this.remember({ galleries }),
  };

  dispose(): void {
    this.catalogue.dispose();
    this.own.dispose();
  }

  private take(summary: Summary): void {
    this.summaries.set(summary.root, summary);
    this.summarised.fire(summary);
    this.changed.fire(summary.root);
  }

  private async look(): Promise<void> {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
    try {
      const [found] = await Promise.all([this.discovery.request('find', { folders, excluded: this.memory.excluded }), this.describeAdded()]);
      this.found = found;
      if (this.datasets.length > 0) {
        // One of them is likely to be opened next.
        this.catalogue.startAhead();
      }
    } catch (error) {
      this.finding = undefined;
      this.services.log.error('Datasets could not be looked for', error);
    }
    this.changed.fire(undefined);
  }

  private async describeAdded(): Promise<void> {
    const described = await Promise.all(this.memory.added.map((root) => this.discovery.request('describe', { root })));
    this.added = new Map(described.map((dataset) => [dataset.root, dataset]));
  }

  /** Of this workspace, among what is remembered over all. */
  private get memoryKey(): string {
    const place = workspace.workspaceFile ?? workspace.workspaceFolders?.[0]?.uri;
    return `datasets ${place?.toString() ?? ''}`;
  }

  private get memory(): Memory {
    return { ...NOTHING, ...this.services.memory.get<Partial<Memory>>(this.memoryKey) };
  }

  private remember(changes: Partial<Memory>): void {
    void this.services.memory.update(this.memoryKey, { ...this.memory, ...changes });
  }
}

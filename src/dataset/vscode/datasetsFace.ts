import { join } from 'node:path';
import { commands, env, Uri, window } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatPercent } from '../../base/format.ts';
import type { Services } from '../../platform/services.ts';
import type { AudioApi } from '../audio/audioApi.ts';
import type { ThumbnailsApi } from '../thumbnails/thumbnailsApi.ts';
import type { VideoApi } from '../video/videoApi.ts';
import { showCard } from './cardDocument.ts';
import type { DatasetFace } from './datasetFace.ts';
import type { DatasetNode } from './datasetNodes.ts';
import { pathOf } from './datasetNodes.ts';
import { DatasetsModel } from './datasetsModel.ts';
import { DatasetsTree } from './datasetsTree.ts';
import { createActions, offeredActions } from './galleryActions.ts';
import { registerExplorerTooltips } from './explorerTooltips.ts';
import { showFacts } from './factsPick.ts';
import { createGalleries } from './galleryPanels.ts';
import { createHealthPanels } from './healthPanels.ts';
import { HealthModel } from './healthModel.ts';
import { HealthProblems } from './healthProblems.ts';

type Handler = (target?: unknown, selected?: unknown) => Promise<unknown>;

/** What the Datasets view and the galleries can be asked for: the commands, by the last word of their names. */
export interface DatasetsFace extends Disposable {
  readonly openGallery: Handler;
  readonly add: Handler;
  readonly refresh: Handler;
  readonly exclude: Handler;
  readonly include: Handler;
  readonly openManifest: Handler;
  readonly pinFormat: Handler;
  readonly copyPath: Handler;
  readonly reveal: Handler;
  readonly convert: Handler;
  readonly health: Handler;
  readonly card: Handler;
  readonly facts: Handler;
}

export function createDatasetsFace(face: DatasetFace, services: Services): DatasetsFace {
  const own = new DisposableStore();
  const model = own.add(new DatasetsModel(face, services));
  const thumbnails = own.add(face.share<ThumbnailsApi>('thumbnails'));
  const galleries = own.add(
    createGalleries({
      extensionUri: services.extensionUri,
      catalogue: model.catalogue,
      onDidChange: model.onDidSummarise,
      thumbnails,
      media: { audio: () => face.share<AudioApi>('audio'), video: () => face.share<VideoApi>('video') },
      actions: offeredActions,
      act: createActions(model.catalogue, services.notify),
      remembered: model.galleries,
    }),
  );
  own.add(new DatasetsTree(model, services, thumbnails));
  const healthModel = own.add(new HealthModel(face));
  own.add(new HealthProblems(healthModel, (error) => services.log.error('Problems of a dataset could not be shown', error)));
  const healths = own.add(createHealthPanels(face, healthModel));
  // Nothing of a workspace is read before it is trusted.
  if (services.trust.isGranted) {
    own.add(registerExplorerTooltips());
  } else {
    own.add(services.trust.onDidGrant(() => own.add(registerExplorerTooltips())));
  }

  async function rootOf(target: unknown, title: string): Promise<string | undefined> {
    if (isNode(target)) {
      return target.root;
    }
    return target instanceof Uri ? target.fsPath : chooseDataset(model, title);
  }

  async function pathsOf(target: unknown, selected: unknown, title: string): Promise<readonly string[]> {
    const nodes = (Array.isArray(selected) && selected.length > 0 ? selected : [target]).filter(isNode);
    if (nodes.length === 0) {
      const root = await rootOf(target, title);
      return root === undefined ? [] : [root];
    }
    return nodes.flatMap((node) => pathOf(node) ?? []);
  }

  return {
    async openGallery(target) {
      model.catalogue.startAhead();
      const root = await rootOf(target, 'Open Gallery');
      if (root === undefined) {
        return;
      }
      if (target instanceof Uri && !model.datasets.some((dataset) => dataset.root === root)) {
        await model.add(root);
      }
      galleries.open(root, isNode(target) ? filterOf(target) : undefined);
    },
    async add(target) {
      const uris = target instanceof Uri ? [target] : await window.showOpenDialog({ title: 'Add Dataset', openLabel: 'Add', canSelectFolders: true, canSelectFiles: true, canSelectMany: true });
      for (const { fsPath } of uris ?? []) {
        await model.add(fsPath);
      }
    },
    refresh: () => model.refresh(),
    async exclude(target) {
      const root = await rootOf(target, 'Remove from View');
      if (root !== undefined) {
        model.exclude(root);
      }
    },
    async include() {
      const chosen = await window.showQuickPick(model.excluded, { title: 'Show Excluded Datasets', placeHolder: 'What to show again', canPickMany: true });
      if (chosen !== undefined && chosen.length > 0) {
        model.include(chosen);
      }
    },
    async openManifest(target) {
      const root = await rootOf(target, 'Open Manifest');
      const manifests = model.datasets.find((dataset) => dataset.root === root)?.manifests ?? [];
      const name = manifests.length > 1 ? await window.showQuickPick(manifests, { title: 'Open Manifest' }) : manifests[0];
      if (root === undefined || (manifests.length > 0 && name === undefined)) {
        return;
      }
      if (name === undefined) {
        await services.notify.info(`There is no manifest in ${root}: its folders are all that describes it.`);
      } else {
        await commands.executeCommand('vscode.open', Uri.file(root.endsWith(name) ? root : join(root, name)), { preview: true });
      }
    },
    async pinFormat(target) {
      const root = await rootOf(target, 'Pin Format');
      const formats = model.datasets.find((dataset) => dataset.root === root)?.formats ?? [];
      const items = formats.map(({ id, title, score, reasons }) => ({ label: title, description: `${formatPercent(score)} sure`, detail: reasons.join(' · '), id }));
      const chosen = await window.showQuickPick(items, { title: 'Pin Format', placeHolder: 'What this dataset is' });
      if (root !== undefined && chosen !== undefined) {
        await model.pin(root, chosen.id);
      }
    },
    copyPath: async (target, selected) => env.clipboard.writeText((await pathsOf(target, selected, 'Copy Path')).join('\n')),
    async reveal(target) {
      const [path] = await pathsOf(target, undefined, 'Reveal in Explorer View');
      if (path !== undefined) {
        await commands.executeCommand('revealInExplorer', Uri.file(path));
      }
    },
    async convert(target, selected) {
      const uris = (await pathsOf(target, selected, 'Convert')).map((path) => Uri.file(path));
      if (uris.length > 0) {
        await commands.executeCommand('trainyard.convert.start', uris[0], uris);
      }
    },
    async health(target) {
      const root = await rootOf(target, 'Health');
      if (root !== undefined) {
        healths.open(root);
      }
    },
    async card(target) {
      const root = await rootOf(target, 'Dataset Card');
      if (root !== undefined) {
        await showCard(model.catalogue, root);
      }
    },
    async facts(target, selected) {
      const chosen: readonly unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [target];
      const uris = chosen.filter((one) => one instanceof Uri);
      const active = window.tabGroups.activeTabGroup.activeTab?.input;
      await showFacts(uris.length > 0 ? uris : hasUri(active) ? [active.uri] : []);
    },
    dispose: () => own.dispose(),
  };
}

function hasUri(input: unknown): input is { readonly uri: Uri } {
  return typeof input === 'object' && input !== null && 'uri' in input && input.uri instanceof Uri;
}

async function chooseDataset(model: DatasetsModel, title: string): Promise<string | undefined> {
  await model.find();
  const { datasets } = model;
  if (datasets.length === 1) {
    return datasets[0]?.root;
  }
  const items = datasets.map(({ root, formats }) => ({ label: root.slice(root.lastIndexOf('/') + 1), description: formats[0]?.title ?? '', detail: root, root }));
  const other = { label: '$(folder) Choose a Folder…', root: undefined };
  const chosen = await window.showQuickPick([...items, other], { title, placeHolder: 'The dataset' });
  if (chosen === undefined || chosen.root !== undefined) {
    return chosen?.root;
  }
  const [uri] = (await window.showOpenDialog({ title, openLabel: 'Open', canSelectFolders: true, canSelectFiles: true })) ?? [];
  if (uri !== undefined) {
    await model.add(uri.fsPath);
  }
  return uri?.fsPath;
}

function filterOf({ subject }: DatasetNode): string | undefined {
  switch (subject.kind) {
    case 'part':
      return subject.filter;
    case 'folder':
      return subject.folder === '' ? '' : `path:"${subject.folder.replace(/["\\]/g, '\\$&')}/"`;
    default:
      return undefined;
  }
}

function isNode(value: unknown): value is DatasetNode {
  return typeof value === 'object' && value !== null && typeof (value as Partial<DatasetNode>).root === 'string' && 'subject' in value;
}

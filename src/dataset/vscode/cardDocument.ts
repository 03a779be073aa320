import { basename } from 'node:path';
import { window, workspace } from 'vscode';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import type { CatalogueApi, CatalogueEvents } from '../catalogue/catalogueApi.ts';
import type { ServiceThread } from '../serviceThread.ts';
import { datasetCard } from '../stats/datasetCard.ts';

/** What is told of each value or range of values, in this order; what a dataset does not have is left out. */
const COLUMNS: readonly ColumnName[] = ['kind', 'container', 'duration', 'rate', 'channels', 'width', 'height', 'fps', 'size'];

/** Opens a dataset's card as a document of the person's own, to be read, copied or saved. */
export async function showCard(catalogue: ServiceThread<CatalogueApi, CatalogueEvents>, root: string): Promise<void> {
  const everything = { root, filter: '' };
  const summary = await catalogue.request('open', { root });
  const [facets, splits, labels, speakers] = await Promise.all([
    catalogue.request('facets', { ...everything, columns: COLUMNS }),
    catalogue.request('sums', { ...everything, column: 'split' }),
    catalogue.request('sums', { ...everything, column: 'label' }),
    catalogue.request('sums', { ...everything, column: 'speaker' }),
  ]);
  const content = datasetCard({ name: basename(root) || root, summary, facets, splits, labels, speakers });
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), { preview: false });
}

import type { MediaPlace } from '../../media/place.ts';
import type { ArrayRows, ArraysFile, GridRequest, GridView, LineRequest, LineView, StatisticsView, TableRequest, TableView } from '../webview/arrays/protocol.ts';

/** An open file, by the number that `open` gave it. */
interface Opened {
  readonly id: number;
}

/** The service `arrays`: open files of arrays, and parts of them. */
export interface ArraysApi {
  open(params: { readonly place: MediaPlace }): Opened & { readonly file: ArraysFile };
  children(params: Opened & { readonly path: string; readonly from: number }): ArrayRows;
  line(params: Opened & LineRequest): LineView;
  grid(params: Opened & GridRequest): GridView;
  table(params: Opened & TableRequest): TableView;
  startStatistics(params: Opened & { readonly path: string; readonly reading?: string }): void;
  stopStatistics(params: Opened): void;
  close(params: Opened): void;
}

export interface ArraysEvents {
  statistics(params: Opened & { readonly view: StatisticsView }): void;
}

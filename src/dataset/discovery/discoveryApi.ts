/** A dataset that was found, or that a folder is taken for. */
export interface FoundDataset {
  /** Absolute path of the folder or file. */
  readonly root: string;
  /** Names of formats that fit, the likeliest first. */
  readonly formats: readonly { readonly id: string; readonly title: string; readonly score: number; readonly reasons: readonly string[] }[];
  /** Files that describe it, relative to the root: what a person would open to see how it is made. */
  readonly manifests: readonly string[];
}

export interface Found {
  readonly datasets: readonly FoundDataset[];
  /** Folders that were looked at. */
  readonly folders: number;
  /** Folders that may not be read. */
  readonly unreadable: readonly string[];
  /** There were more folders than are looked at. */
  readonly more: boolean;
}

export interface DiscoveryApi {
  /** Looks for datasets in folders by names and a few first bytes, some levels deep. */
  find(params: { readonly folders: readonly string[]; readonly excluded: readonly string[] }): Found;
  /** What one folder or file is taken for, whatever it is. */
  describe(params: { readonly root: string }): FoundDataset;
}

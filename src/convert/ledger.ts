/** One verified output: all that decides whether it has to be made again. One line of JSON each, appended. */
export interface LedgerEntry {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  /** `${size}:${mtimeNs}` of each, when the output was verified. A folder's stamp is that of its sidecar or newest file. */
  readonly inputStamp: string;
  readonly outputStamp: string;
  /** Stands for preset, revision and options: hash of their canonical JSON. */
  readonly recipe: string;
  /** The tool's `buildId`. */
  readonly tool: string;
  readonly salvaged: boolean;
}

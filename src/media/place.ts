/** Where the bytes of a medium lie: in a file of their own, or in a member of an archive, or in a cell of a table. */
export interface MediaPlace {
  /** Absolute path. */
  readonly file: string;
  /** The name inside `file`, as `src/media/archives` lists it; left out for the file itself. */
  readonly member?: string;
}

import type { GalleryGroup, GalleryHost, GalleryQuery } from './protocol.ts';

export interface GroupsOptions {
  readonly fetch: (params: Parameters<GalleryHost['groups']>[0]) => Promise<Awaited<ReturnType<GalleryHost['groups']>>>;
  readonly onChange: () => void;
}

/** The groups of the present query, as they were last told; while new ones come the old ones stay. */
export class Groups {
  /** Undefined where items are not in groups, or not yet. */
  known: readonly GalleryGroup[] | undefined;
  /** Why they are not. */
  problem: string | undefined;
  private turn = 0;

  constructor(private readonly options: GroupsOptions) {}

  async ask({ filter, group }: GalleryQuery): Promise<void> {
    const turn = ++this.turn;
    if (group === undefined) {
      this.take(undefined, undefined);
      return;
    }
    try {
      const answer = await this.options.fetch({ filter, group });
      if (turn === this.turn) {
        this.take('groups' in answer ? answer.groups : undefined, 'groups' in answer ? undefined : `${answer.tooMany.toLocaleString()} groups are too many to be shown one by one: narrow the filter.`);
      }
    } catch {
      // The grid says what is wrong with the filter.
      if (turn === this.turn) {
        this.take(undefined, undefined);
      }
    }
  }

  private take(groups: readonly GalleryGroup[] | undefined, problem: string | undefined): void {
    this.known = groups === undefined || groups.length === 0 ? undefined : groups;
    this.problem = problem;
    this.options.onChange();
  }
}

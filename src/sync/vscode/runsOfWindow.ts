import * as v from 'valibot';
import type { Memento } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { RunPlace } from '../runs/runReport.ts';

const KEY = 'trainyard.runs';
const TEXT = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const PLACES = v.array(v.object({ box: TEXT, path: TEXT, local: v.optional(TEXT) }));

/** The folders of runs that a person looks at, kept over windows. */
export class RunsOfWindow implements Disposable {
  private readonly changed = new Emitter<void>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: Pick<Memento, 'get' | 'update'>) {}

  get all(): readonly RunPlace[] {
    const parsed = v.safeParse(PLACES, this.memory.get(KEY));
    return parsed.success ? parsed.output.map(({ box, path, local }) => ({ box, path, ...(local !== undefined && { local }) })) : [];
  }

  /** Adds it, or says where its checkpoints come to lie. */
  async put(place: RunPlace): Promise<void> {
    await this.save([...this.without(place), place]);
  }

  async remove(place: RunPlace): Promise<void> {
    await this.save(this.without(place));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private without({ box, path }: RunPlace): readonly RunPlace[] {
    return this.all.filter((one) => one.box !== box || one.path !== path);
  }

  private async save(places: readonly RunPlace[]): Promise<void> {
    await this.memory.update(KEY, places);
    this.changed.fire();
  }
}

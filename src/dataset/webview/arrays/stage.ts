import type { HostConnection } from '../../../webview/messageClient.ts';
import type { Drawing } from './drawing.ts';
import { GridStage } from './gridStage.ts';
import { LineStage } from './lineStage.ts';
import type { ArrayFacts, ArraysHost } from './protocol.ts';
import { TableStage } from './tableStage.ts';
import type { Aiming } from './views.ts';

/** Where the chosen array is drawn; what is drawn stays while only indices change. */
export class Stage {
  private drawing: (Drawing & { readonly kind: string }) | undefined;
  private place: HTMLElement | null = null;

  constructor(private readonly host: HostConnection<ArraysHost>) {}

  attach(place: HTMLElement | null): void {
    this.place = place;
    if (place && this.drawing && !place.classList.contains('empty') && this.drawing.element.parentElement !== place) {
      place.replaceChildren(this.drawing.element);
    }
  }

  show(path: string, reading: string | undefined, facts: ArrayFacts, aim: Aiming): void {
    const kind = aim.kind === 'picture' ? 'grid' : aim.kind;
    if (this.drawing?.kind !== kind) {
      this.clear();
      const made: Drawing = kind === 'line' ? new LineStage(this.host) : kind === 'grid' ? new GridStage(this.host) : new TableStage(this.host);
      this.drawing = Object.assign(made, { kind });
    }
    this.attach(this.place);
    this.drawing.show({ path, facts, aim, ...(reading !== undefined && { reading }) });
  }

  clear(): void {
    this.drawing?.destroy();
    this.drawing?.element.remove();
    this.drawing = undefined;
  }
}

import { formatCountOf } from '../../../base/format.ts';
import type { GalleryGroup } from './protocol.ts';

/** The line above a group: its name and how many items it has. */
export class GroupHead {
  readonly element = document.createElement('div');
  private readonly name = document.createElement('span');
  private readonly count = document.createElement('span');
  private shown: GalleryGroup | undefined;

  constructor() {
    this.element.className = 'group-head';
    this.element.role = 'row';
    this.name.role = 'rowheader';
    this.name.className = 'group-name';
    this.count.className = 'group-count dim number';
    this.element.append(this.name, this.count);
  }

  /** It stays at the top: what is read aloud is its twin among the rows. */
  pin(): void {
    this.element.classList.add('pinned');
    this.element.ariaHidden = 'true';
  }

  show(group: GalleryGroup | undefined): void {
    if (group !== this.shown) {
      this.shown = group;
      this.name.textContent = group?.value === null || group === undefined ? 'none' : group.value === '' ? 'here' : group.value;
      this.name.classList.toggle('unknown', group?.value === null);
      this.count.textContent = group === undefined ? '' : formatCountOf(group.count, 'item');
    }
  }
}

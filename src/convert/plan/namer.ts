import { lstatSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Ledger } from '../ledger.ts';
import { outputStampIfAny } from '../run/stamps.ts';
import { isSameInput } from './ledgerAnswer.ts';
import type { NameState, NameTable } from './nameTable.ts';
import { childPath, outputFolderOf, outputName, refusedPath, type Layout, type Shape } from './outputNames.ts';
import { isUnder } from './paths.ts';

/** An input and what decides its output. */
export interface Named {
  readonly input: string;
  readonly stamp: string;
  readonly shape: Shape;
}

/** The one of its names that an output had in an earlier run. */
export type SettledName = Exclude<NameState, 'clash'>;

/** An output that was made before, and is as it was left. */
export interface DoneBefore {
  readonly shape: Shape;
  readonly name: SettledName;
  readonly salvaged: boolean;
}

export interface NamerSetup {
  readonly layout: Layout;
  readonly ledger: Ledger;
  readonly table: NameTable;
  readonly recipe: string;
}

/** Finds names for outputs, those of earlier runs first. */
export class Namer {
  private lastFolder: string | undefined;
  private lastOutput = '';

  constructor(private readonly setup: NamerSetup) {}

  /** The item's row in the table of names, or why it can have no name. `before`: where it is known already. */
  add(item: Named, before?: SettledName): { readonly row: number } | { readonly refused: string } {
    if (!isUnder(item.input, this.setup.layout.base)) {
      // A manifest has changed since the base was found.
      return { refused: `it does not lie under ${this.setup.layout.base}` };
    }
    const place = this.placeOf(item.input, item.shape);
    if ('fault' in place) {
      return { refused: place.fault };
    }
    const { folder, plain, kept = plain } = place;
    const refused = refusedPath(folder, plain);
    if (refused !== undefined) {
      return { refused };
    }
    const settled = before ?? this.settledName(item, childPath(folder, plain), childPath(folder, kept));
    const row = this.setup.table.add({ folder, plain, kept: refusedPath(folder, kept) === undefined ? kept : undefined, settled });
    return { row };
  }

  /** The output's path, once names are settled; undefined where it clashes with another. */
  outputOf(input: string, shape: Shape, row: number): string | undefined {
    const state = this.setup.table.stateOf(row);
    const place = this.placeOf(input, shape);
    return state === 'clash' || 'fault' in place ? undefined : childPath(place.folder, (state === 'kept' ? place.kept : undefined) ?? place.plain);
  }

  nameOf(row: number): NameState {
    return this.setup.table.stateOf(row);
  }

  /**
   * How the output is named that was made of this very input by the same recipe and tool, and is as it was left. The input need
   * not be read to know this: what it was when it was converted, it still is.
   */
  doneBefore(input: string, stamp: string, tool: string): DoneBefore | undefined {
    const { ledger, recipe } = this.setup;
    for (const shape of ledger.shapesOf(recipe)) {
      const place = this.placeOf(input, shape);
      if ('fault' in place) {
        continue;
      }
      for (const name of ['plain', 'kept'] as const) {
        const output = childPath(place.folder, (name === 'kept' ? place.kept : undefined) ?? place.plain);
        const record = ledger.recordOf(output);
        const isSame = record?.inputStamp === stamp && record.recipe === recipe && record.tool === tool && record.isFrom(input);
        if (isSame && outputStampIfAny(output) === record.outputStamp) {
          return { shape, name, salvaged: record.salvaged };
        }
      }
    }
    return undefined;
  }

  private settledName(item: Named, plain: string, kept: string): SettledName | undefined {
    const { ledger } = this.setup;
    const plainRecord = ledger.recordOf(plain);
    const wish = { input: item.input, inputStamp: item.stamp };
    const isOf = (record: typeof plainRecord): boolean => record !== undefined && isSameInput(record, wish);
    if (isOf(plainRecord)) {
      return 'plain';
    }
    const isTaken = plainRecord !== undefined && lstatSync(plain, { throwIfNoEntry: false }) !== undefined;
    return isTaken || isOf(ledger.recordOf(kept)) ? 'kept' : undefined;
  }

  /** `kept`: with the source's extension, for inputs that differ in nothing else; a recipe's own names are as they are. */
  private placeOf(input: string, shape: Shape): { readonly folder: string; readonly plain: string; readonly kept?: string } | { readonly fault: string } {
    const { layout } = this.setup;
    if (layout.nameOf === undefined) {
      return { folder: this.folderOf(input), plain: outputName(input, shape, false), kept: outputName(input, shape, true) };
    }
    const name = layout.nameOf(input, shape);
    return 'fault' in name ? name : { folder: dirname(childPath(layout.output, name.path)), plain: basename(name.path) };
  }

  private folderOf(input: string): string {
    const folder = dirname(input);
    if (folder !== this.lastFolder) {
      this.lastFolder = folder;
      this.lastOutput = outputFolderOf(input, this.setup.layout);
    }
    return this.lastOutput;
  }
}

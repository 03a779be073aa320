import audioIcon from '@vscode/codicons/src/icons/unmute.svg' with { type: 'text' };
import brokenIcon from '@vscode/codicons/src/icons/error.svg' with { type: 'text' };
import checkIcon from '@vscode/codicons/src/icons/check.svg' with { type: 'text' };
import goneIcon from '@vscode/codicons/src/icons/trash.svg' with { type: 'text' };
import imageIcon from '@vscode/codicons/src/icons/file-media.svg' with { type: 'text' };
import otherIcon from '@vscode/codicons/src/icons/file-binary.svg' with { type: 'text' };
import playIcon from '@vscode/codicons/src/icons/play.svg' with { type: 'text' };
import refusedIcon from '@vscode/codicons/src/icons/circle-slash.svg' with { type: 'text' };
import sensorIcon from '@vscode/codicons/src/icons/pulse.svg' with { type: 'text' };
import textIcon from '@vscode/codicons/src/icons/file-text.svg' with { type: 'text' };
import warningIcon from '@vscode/codicons/src/icons/warning.svg' with { type: 'text' };
import { drawSeries, drawWave } from './art.ts';
import type { Colours } from './colours.ts';
import type { GalleryItem, GalleryKind } from './protocol.ts';
import type { NoThumbnail, Thumbnail } from './thumbnail.ts';
import type { Loaded } from './thumbnailLoader.ts';
import { TileMotionArt } from './tileMotionArt.ts';
import type { TileMotion } from './tilePlay.ts';
import { spokenItem } from './words.ts';

export const KIND_ICONS: Readonly<Record<GalleryKind, string>> = { image: imageIcon, video: playIcon, audio: audioIcon, text: textIcon, sensor: sensorIcon, other: otherIcon };
const NOTHING_ICONS: Readonly<Record<NoThumbnail['reason'], string>> = { broken: brokenIcon, vanished: goneIcon, refused: refusedIcon, missing: '', none: '' };
const NOTHING_WORDS: Readonly<Record<NoThumbnail['reason'], string>> = { broken: 'cannot decode', vanished: 'no longer there', refused: 'not read', missing: '', none: '' };

export interface TileState {
  readonly index: number;
  readonly item: GalleryItem | undefined;
  readonly loaded: Loaded | undefined;
  readonly selected: boolean;
  readonly active: boolean;
  /** The pointer rests on it. */
  readonly hovered: boolean;
  readonly motion: TileMotion | undefined;
  /** CSS name of the class's colour. */
  readonly labelColour: string | undefined;
  readonly colours: Colours;
}

/** One cell of the grid, which is used again and again for what comes into view. Only what differs is written. */
export class Tile {
  readonly element = div('tile');
  private readonly art = div('art');
  private readonly picture = document.createElement('img');
  private readonly canvas = document.createElement('canvas');
  private readonly words = div('words');
  private readonly state = div('state');
  private readonly check = div('check');
  private readonly motion = new TileMotionArt();
  private readonly chip = div('chip');
  private readonly name = div('name');
  private readonly facts = span('what');
  private readonly label = span('label');
  private shown: Partial<TileState> = {};
  private shownArt: unknown;

  constructor() {
    this.element.role = 'gridcell';
    this.picture.alt = '';
    this.picture.decoding = 'async';
    this.picture.draggable = false;
    this.check.innerHTML = checkIcon;
    this.check.ariaHidden = 'true';
    const line = div('line');
    line.append(this.facts, this.label);
    this.art.append(this.picture, this.canvas, this.words, this.state, ...this.motion.elements, this.check, this.chip);
    const caption = div('caption');
    caption.append(this.name, line);
    this.element.append(this.art, caption);
  }

  show(state: TileState): void {
    const { shown } = this;
    const { index, item, selected, active } = state;
    if (index !== shown.index) {
      this.element.id = `tile-${index}`;
      this.element.dataset['index'] = String(index);
    }
    if (item !== shown.item || state.labelColour !== shown.labelColour) {
      this.showItem(item, state.labelColour);
    }
    if (item !== shown.item || selected !== shown.selected) {
      this.element.ariaSelected = String(selected);
      this.element.classList.toggle('selected', selected);
      this.element.ariaLabel = item ? spokenItem(item, selected) : 'not read yet';
    }
    if (active !== shown.active) {
      this.element.classList.toggle('active', active);
    }
    this.element.classList.toggle('hovered', state.hovered);
    this.motion.show(item, state.motion);
    // A canvas is drawn again in the theme's new colours.
    if (item !== shown.item || state.loaded !== this.shownArt || state.colours !== shown.colours) {
      this.showArt(state);
    }
    this.shown = state;
  }

  private showItem(item: GalleryItem | undefined, labelColour: string | undefined): void {
    this.element.classList.toggle('waiting', item === undefined);
    setText(this.name, item?.name ?? '');
    this.element.title = item ? [item.folder === '' ? item.name : `${item.folder}/${item.name}`, item.problem?.words, item.caption].filter(Boolean).join('\n') : '';
    const problem = item?.problem;
    this.facts.className = problem?.severity === 'error' ? 'what error' : item?.facts === undefined ? 'what unknown' : 'what';
    setText(this.facts, problem?.severity === 'error' ? problem.words : item === undefined ? '' : (item.facts ?? 'not probed'));
    this.label.replaceChildren();
    if (problem?.severity === 'warning') {
      this.label.innerHTML = `<span class="icon warning">${warningIcon}</span>`;
    } else if (item?.label !== undefined) {
      const mark = document.createElement('i');
      mark.style.background = labelColour === 'foreground' || labelColour === undefined ? 'var(--ty-dim)' : `var(--vscode-charts-${labelColour})`;
      const name = document.createElement('span');
      name.textContent = item.label;
      this.label.append(mark, name);
    }
    this.chip.hidden = item?.length === undefined;
    if (item?.length !== undefined) {
      this.chip.innerHTML = KIND_ICONS[item.kind];
      this.chip.append(item.length);
    }
  }

  private showArt({ item, loaded, colours }: TileState): void {
    this.shownArt = loaded;
    const thumbnail = loaded?.kind === 'other' ? loaded.thumbnail : undefined;
    const url = loaded?.kind === 'picture' ? loaded.url : undefined;
    this.picture.hidden = url === undefined;
    if (url !== undefined) {
      this.picture.src = url;
      this.picture.classList.toggle('alpha', loaded?.kind === 'picture' && loaded.hasAlpha);
    } else {
      this.picture.removeAttribute('src');
    }
    const drawn = thumbnail?.drawn === 'wave' || thumbnail?.drawn === 'series';
    this.canvas.hidden = !drawn;
    if (thumbnail?.drawn === 'wave') {
      drawWave(this.canvas, thumbnail, colours);
    } else if (thumbnail?.drawn === 'series') {
      drawSeries(this.canvas, thumbnail, colours);
    }
    this.showWords(thumbnail);
    this.showState(item, loaded, thumbnail);
  }

  private showWords(thumbnail: Thumbnail | undefined): void {
    const isWords = thumbnail?.drawn === 'text' || thumbnail?.drawn === 'turns';
    this.words.hidden = !isWords;
    if (thumbnail?.drawn === 'text') {
      setText(this.words, thumbnail.lines.join('\n'));
    } else if (thumbnail?.drawn === 'turns') {
      this.words.replaceChildren(
        ...thumbnail.turns.flatMap(({ role, text }) => {
          const who = span('who');
          who.textContent = role;
          return [who, ` ${text}\n`];
        }),
      );
    }
  }

  private showState(item: GalleryItem | undefined, loaded: Loaded | undefined, thumbnail: Thumbnail | undefined): void {
    const isNothing = thumbnail?.drawn === 'nothing';
    this.state.hidden = item === undefined || (loaded !== undefined && !isNothing);
    if (this.state.hidden || item === undefined) {
      return;
    }
    if (!isNothing) {
      this.state.className = 'state';
      this.state.innerHTML = `<span class="icon">${KIND_ICONS[item.kind]}</span>`;
      return;
    }
    const { reason, words } = thumbnail;
    this.state.className = `state ${reason}`;
    this.state.innerHTML = `<span class="icon">${NOTHING_ICONS[reason] || KIND_ICONS[item.kind]}</span>`;
    const said = span('said');
    said.textContent = NOTHING_WORDS[reason] === '' ? words : NOTHING_WORDS[reason];
    this.state.title = words;
    this.state.append(said);
  }
}

function div(className: string): HTMLDivElement {
  const element = document.createElement('div');
  element.className = className;
  return element;
}

function span(className: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

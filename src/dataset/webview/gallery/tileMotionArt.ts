import pauseIcon from '@vscode/codicons/src/icons/debug-pause.svg' with { type: 'text' };
import playIcon from '@vscode/codicons/src/icons/play.svg' with { type: 'text' };
import type { GalleryItem } from './protocol.ts';
import type { TileMotion } from './tilePlay.ts';

/** What lies over a tile's picture while it is heard or looked through: the play mark, the film's picture, and how far it is. */
export class TileMotionArt {
  readonly elements: readonly HTMLElement[];
  private readonly frame = document.createElement('img');
  private readonly at = document.createElement('div');
  private readonly play = document.createElement('div');

  constructor() {
    this.frame.className = 'frame';
    this.frame.alt = '';
    this.frame.draggable = false;
    this.at.className = 'at';
    this.play.className = 'play';
    this.play.ariaHidden = 'true';
    this.elements = [this.frame, this.at, this.play];
    this.show(undefined, undefined);
  }

  show(item: GalleryItem | undefined, motion: TileMotion | undefined): void {
    const isHeard = motion?.state === 'playing' || motion?.state === 'loading';
    this.play.hidden = item?.kind !== 'audio';
    const mark = isHeard ? 'pause' : 'play';
    if (this.play.dataset['mark'] !== mark) {
      this.play.dataset['mark'] = mark;
      this.play.innerHTML = isHeard ? pauseIcon : playIcon;
      this.play.title = isHeard ? 'Stop (P)' : 'Play (P)';
    }
    this.play.classList.toggle('heard', isHeard);
    this.frame.hidden = motion?.url === undefined;
    if (motion?.url !== undefined && this.frame.getAttribute('src') !== motion.url) {
      this.frame.src = motion.url;
    }
    this.at.hidden = motion === undefined;
    this.at.style.left = motion === undefined ? '' : `${Math.round(motion.at * 1000) / 10}%`;
  }
}

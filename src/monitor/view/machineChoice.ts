import { printable } from '../../base/printable.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { MachineChoice } from '../webview/protocol.ts';
import { cardsLine } from './gpuNames.ts';
import type { Holdings } from './holders.ts';

export interface ChosenMachine {
  readonly alias: string | undefined;
  readonly link: BoxState | undefined;
  readonly holdings: Holdings | undefined;
}

const STATES: Readonly<Record<Exclude<BoxState['kind'], 'live'>, string>> = {
  connecting: 'connecting…',
  stale: 'link cut',
  signIn: 'signed out',
  unreachable: 'not answering',
  noShell: 'cannot be read',
};

/** A machine in the dashboard's list; its words hardly ever change, so that nothing moves while somebody chooses. */
export function machineChoice({ alias, link, holdings }: ChosenMachine, host: string): MachineChoice {
  const cards = holdings === undefined ? '' : cardsLine(holdings.gpus.map(({ gpu }) => gpu));
  const seen = holdings === undefined ? '' : cards === '' ? 'no GPU' : cards;
  return {
    key: alias ?? '',
    title: printable(alias ?? host),
    line: link === undefined || link.kind === 'live' ? seen : STATES[link.kind],
  };
}

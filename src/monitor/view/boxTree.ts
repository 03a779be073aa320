import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { BoxState } from '../boxes/boxState.ts';
import { age } from '../webview/quantity.ts';
import type { Holdings } from './holders.ts';
import { hostNode } from './tree.ts';
import type { NodeAction, NodeIcon, SystemNode, TreeOptions } from './tree.ts';

interface BoxWords {
  readonly description: string;
  readonly tooltip: string;
  readonly icon: NodeIcon;
  readonly actions: readonly NodeAction[];
}

/** Another machine in the tree: as this one where it is live, and otherwise how it stands and what can be done. */
export function boxNode(alias: string, state: BoxState, holdings: Holdings | undefined, options: TreeOptions): SystemNode {
  const subject = { kind: 'box', alias } as const;
  const key = `box/${alias}`;
  if (state.kind === 'live' && holdings !== undefined) {
    const node = hostNode(holdings, options);
    return { ...node, key, subject, label: printable(alias), actions: ['open', 'boxTerminal', 'removeBox'], expanded: false, children: node.children.map((child) => within(key, child)) };
  }
  const { description, tooltip, icon, actions } = words(alias, state, options.now);
  const label = printable(alias);
  return { key, label, description, tooltip, icon, spoken: `${label}, ${description}`, actions: [...actions, 'open', 'boxTerminal', 'removeBox'], subject, children: [], expanded: false };
}

/** A GPU may be seen from two machines, as a process of a container is: each row has its own place. */
function within(place: string, node: SystemNode): SystemNode {
  // Signals and terminals are of this machine alone.
  const actions = node.actions.filter((action) => action === 'open' || action === 'copyCudaDevices' || action === 'copyPid' || action === 'copyCommand');
  return { ...node, key: `${place}/${node.key}`, actions, children: node.children.map((child) => within(place, child)) };
}

function words(alias: string, state: BoxState, now: number): BoxWords {
  switch (state.kind) {
    case 'connecting':
    case 'live':
      return { description: 'connecting…', tooltip: `Connecting to ${printable(alias)}`, icon: { name: 'vm-connect' }, actions: [] };
    case 'stale':
      return {
        description: `stale, seen ${age(now - state.since)} ago`,
        tooltip: 'The link is cut. It is tried again by itself; nothing old is shown as if it were new.',
        icon: { name: 'vm-outline' },
        actions: ['retryBox'],
      };
    case 'signIn':
      return {
        description: 'signed out',
        tooltip: `${printable(state.said)}\nSign in once in a terminal: ${printable(shellLine(state.command))}`,
        icon: { name: 'lock' },
        actions: ['signIn', 'retryBox'],
      };
    case 'unreachable':
      return {
        description: `not answering for ${age(now - state.since)}`,
        tooltip: printable(state.said),
        icon: { name: 'vm-outline', color: 'charts.red' },
        actions: ['retryBox'],
      };
    case 'noShell':
      return { description: 'no shell that can be read from', tooltip: printable(state.said), icon: { name: 'circle-slash' }, actions: ['retryBox'] };
  }
}

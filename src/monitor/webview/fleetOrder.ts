import type { FleetBox } from './fleetProtocol.ts';

export const FLEET_ORDERS = ['name', 'free'] as const;
export type FleetOrder = (typeof FLEET_ORDERS)[number];

/** In the order of the settings, or those with most free GPUs first; what is not known comes last. */
export function orderBoxes(boxes: readonly FleetBox[], order: FleetOrder): readonly FleetBox[] {
  return order === 'name' ? boxes : [...boxes].sort((a, b) => (b.free ?? -1) - (a.free ?? -1));
}

/** Boxes in which every word of the filter occurs: in their names, their GPUs, or who holds these. */
export function filterBoxes(boxes: readonly FleetBox[], filter: string): readonly FleetBox[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return boxes.filter(({ title, cards, tiles, note }) => {
    const text = [title, cards, note, ...tiles.map(({ who, hover }) => `${who} ${hover}`)].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface FleetPageState {
  readonly order: FleetOrder;
}

/** What was saved, perhaps by another version. */
export function parseFleetState(saved: unknown): FleetPageState {
  const { order } = (typeof saved === 'object' && saved !== null ? saved : {}) as Record<string, unknown>;
  return { order: FLEET_ORDERS.find((name) => name === order) ?? 'name' };
}

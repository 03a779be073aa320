import { isAbsent } from '../../../base/absent.ts';
import type { GpuSample } from '../../gpuSample.ts';
import { blankGpu } from '../blankGpu.ts';
import type { ToolCard } from './toolCard.ts';

/** Lets a tool tell what the files of the kernel do not. A sleeping card is left as it is. */
export function fillFromTool(sample: GpuSample, card: ToolCard): GpuSample {
  if (sample.state !== 'ok') {
    return sample;
  }
  const { index: _index, name, uniqueId: _id, memoryUsed, memoryTotal, ...others } = card;
  const filled: Record<string, unknown> = { ...sample };
  // A tool's figure of an APU's memory is that of its screen.
  for (const [key, value] of Object.entries(sample.unifiedMemory ? others : { ...others, memoryUsed, memoryTotal })) {
    if (isAbsent(filled[key]) && !isAbsent(value)) {
      filled[key] = value;
    }
  }
  const isNameMade = /^AMD GPU 0x/.test(sample.name);
  return { ...(filled as unknown as GpuSample), name: isNameMade && !isAbsent(name) ? name : sample.name };
}

/** One that only a tool sees, as in a container that hides the files of the kernel. */
export function sampleOfTool(card: ToolCard): GpuSample {
  const { index, name, uniqueId, ...values } = card;
  const uuid = uuidOf(uniqueId, isAbsent(card.busId) ? `card${String(index)}` : card.busId);
  return { ...blankGpu({ index, uuid, name: isAbsent(name) ? 'AMD GPU' : name, vendor: 'amd' }), ...values };
}

/** As ROCm writes it, which `ROCR_VISIBLE_DEVICES` takes; else of the place in the machine. */
export function uuidOf(uniqueId: unknown, place: string): string {
  return typeof uniqueId === 'string' ? `GPU-${uniqueId}` : `AMD-${place}`;
}

/** The card of the tool that is at this address, or where tools tell no addresses, of this number. */
export function cardFor(cards: readonly ToolCard[], sample: GpuSample): ToolCard | undefined {
  return cards.some(({ busId }) => !isAbsent(busId)) ? cards.find(({ busId }) => busId === sample.busId) : cards.find(({ index }) => index === sample.index);
}

/** What one command tells laid over what another told before. */
export function overlay(below: ToolCard, above: ToolCard): ToolCard {
  return { ...below, ...Object.fromEntries(Object.entries(above).filter(([, value]) => !isAbsent(value))) };
}

import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import { parseBusId, pcieGeneration, pcieWidth } from '../devices.ts';
import { JsonPieces, membersOf } from '../jsonPieces.ts';
import { BYTES, DEGREES, firstKnown, MEGAHERTZ, NOT_TOLD, PERCENT, plainText, quantityIn, textIn, WATTS, type Quantity } from '../quantity.ts';
import { parseUniqueId, type ToolCard } from './toolCard.ts';

export const ROCM_SMI_ARGS: readonly string[] = [
  '--showuse',
  '--showmemuse',
  '--showmeminfo',
  'vram',
  '--showtemp',
  '--showpower',
  '--showmaxpower',
  '--showfan',
  '--showclocks',
  '--showproductname',
  '--showuniqueid',
  '--showbus',
  '--showdriverversion',
  '--json',
];

/**
 * Reads `rocm-smi … --json`. Its keys are sentences that change from one release to the next; every value is text. Warnings may
 * stand before and after. Undefined where there is no card in it.
 */
export function parseRocmSmi(text: string): readonly ToolCard[] | undefined {
  const cards = new Map<number, ToolCard>();
  for (const object of new JsonPieces().push(plainText(text))) {
    const members = membersOf(object);
    const driver = valuesOf(members.system)('Driver version');
    for (const [key, card] of Object.entries(members)) {
      const [, index] = /^card(\d{1,4})$/.exec(key) ?? [];
      if (index !== undefined) {
        cards.set(Number(index), readCard(Number(index), valuesOf(card), textIn(driver)));
      }
    }
  }
  return cards.size === 0 ? undefined : [...cards.values()].sort((a, b) => a.index - b.index);
}

/** The value of the first of these keys that is there; letters of both cases are alike. */
type Values = (...keys: readonly string[]) => string | undefined;

function readCard(index: number, values: Values, driverVersion: Measured<string>): ToolCard {
  const quantity = (unit: Quantity, ...keys: readonly string[]): Measured<number> =>
    firstKnown(...(keys.map((key) => quantityIn(values(key), unit)) as [Measured<number>]));
  // `1 (16.0GT/s x16)`.
  const [, speed, width] = /\((\S+) (x\d+)\)/.exec(values('pcie clock level') ?? '') ?? [];
  return {
    index,
    name: nameIn(values),
    uniqueId: idIn(values('Unique ID')),
    busId: parseBusId(values('PCI Bus') ?? '') ?? textIn(values('PCI Bus')),
    driverVersion,
    utilization: quantity(PERCENT, 'GPU use (%)'),
    // The older key means the same; what replaced it by name, `GPU Memory Allocated (VRAM%)`, does not.
    memoryUtilization: quantity(PERCENT, 'GPU Memory Read/Write Activity (%)', 'GPU memory use (%)'),
    decoderUtilization: NOT_TOLD,
    memoryUsed: quantity(BYTES, 'VRAM Total Used Memory (B)'),
    memoryTotal: quantity(BYTES, 'VRAM Total Memory (B)'),
    power: quantity(WATTS, 'Average Graphics Package Power (W)', 'Current Socket Graphics Package Power (W)'),
    powerLimit: quantity(WATTS, 'Max Graphics Package Power (W)'),
    temperature: quantity(DEGREES, 'Temperature (Sensor junction) (C)', 'Temperature (Sensor edge) (C)'),
    memoryTemperature: quantity(DEGREES, 'Temperature (Sensor memory) (C)'),
    slowdownTemperature: NOT_TOLD,
    fan: quantity(PERCENT, 'Fan speed (%)'),
    clock: quantity(MEGAHERTZ, 'sclk clock speed:', 'sclk clock speed'),
    clockMax: NOT_TOLD,
    memoryClock: quantity(MEGAHERTZ, 'mclk clock speed:', 'mclk clock speed'),
    clockLimits: NOT_TOLD,
    pcieGeneration: pcieGeneration(speed ?? NOT_TOLD),
    pcieWidth: pcieWidth(width ?? NOT_TOLD),
    uncorrectedErrors: NOT_TOLD,
  };
}

/** Where the machine has no list of PCI names, the vendor's number stands for a name. */
function nameIn(values: Values): Measured<string> {
  for (const key of ['Card Series', 'Device Name', 'Card Model']) {
    const name = textIn(values(key));
    if (!isAbsent(name) && !/^0x[0-9a-f]+$/i.test(name)) {
      return name;
    }
  }
  return absent(values('Card Series') ?? 'not told');
}

function idIn(said: string | undefined): Measured<string> {
  return parseUniqueId(said ?? '') ?? (said === undefined ? NOT_TOLD : absent(said));
}

function valuesOf(card: unknown): Values {
  const values = new Map(
    Object.entries(membersOf(card)).map(([key, value]): [string, string] => [key.toLowerCase(), typeof value === 'string' ? value : String(JSON.stringify(value))]),
  );
  return (...keys) => keys.map((key) => values.get(key.toLowerCase())).find((value) => value !== undefined);
}

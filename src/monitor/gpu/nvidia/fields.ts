/**
 * What is asked of `--query-gpu`, and how it is called: the first name that a driver knows is asked for. `safe` ones are known
 * from driver 418 to 610, and are all that is asked for where a driver does not tell what it knows; one name that it does not
 * know fails the whole query.
 */
const FIELDS = {
  // First and last are what tells a whole row from a half one.
  index: { names: ['index'], safe: true },
  name: { names: ['name'], safe: true },
  busId: { names: ['pci.bus_id'], safe: true },
  driverVersion: { names: ['driver_version'], safe: true },
  count: { names: ['count'], safe: false },
  utilization: { names: ['utilization.gpu'], safe: true },
  memoryUtilization: { names: ['utilization.memory'], safe: true },
  encoderUtilization: { names: ['utilization.encoder'], safe: false },
  decoderUtilization: { names: ['utilization.decoder'], safe: false },
  memoryTotal: { names: ['memory.total'], safe: true },
  memoryUsed: { names: ['memory.used'], safe: true },
  power: { names: ['power.draw'], safe: true },
  instantPower: { names: ['power.draw.instant'], safe: false },
  enforcedPowerLimit: { names: ['enforced.power.limit'], safe: true },
  powerLimit: { names: ['power.limit'], safe: true },
  temperature: { names: ['temperature.gpu'], safe: true },
  memoryTemperature: { names: ['temperature.memory'], safe: false },
  fan: { names: ['fan.speed'], safe: true },
  clock: { names: ['clocks.current.sm', 'clocks.sm'], safe: true },
  clockMax: { names: ['clocks.max.sm'], safe: true },
  memoryClock: { names: ['clocks.current.memory', 'clocks.mem'], safe: true },
  // The second is the older name, which newer drivers take too.
  clockLimits: { names: ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'], safe: true },
  performanceState: { names: ['pstate'], safe: true },
  pcieGeneration: { names: ['pcie.link.gen.gpucurrent', 'pcie.link.gen.current'], safe: true },
  pcieWidth: { names: ['pcie.link.width.current'], safe: true },
  uncorrectedErrors: { names: ['ecc.errors.uncorrected.volatile.total'], safe: true },
  recoveryAction: { names: ['gpu_recovery_action'], safe: false },
  mig: { names: ['mig.mode.current'], safe: true },
  uuid: { names: ['uuid'], safe: true },
} as const satisfies Readonly<Record<string, { readonly names: readonly string[]; readonly safe: boolean }>>;

export type FieldId = keyof typeof FIELDS;

export interface Column {
  readonly field: FieldId;
  /** As the driver calls it. */
  readonly name: string;
}

/**
 * The columns to ask for. `known`: what the driver says it knows, undefined where that is not known. `refused`: what it turned
 * down all the same. Undefined where GPUs could not be told apart.
 */
export function chooseColumns(known: ReadonlySet<string> | undefined, refused: ReadonlySet<string> = new Set()): readonly Column[] | undefined {
  const columns: Column[] = [];
  for (const [field, { names, safe }] of Object.entries(FIELDS) as [FieldId, { names: readonly string[]; safe: boolean }][]) {
    const offered = known === undefined ? (safe ? names.slice(-1) : []) : names.filter((name) => known.has(name));
    const name = offered.find((candidate) => !refused.has(candidate));
    if (name !== undefined) {
      columns.push({ field, name });
    }
  }
  return columns.some(({ field }) => field === 'index') && columns.at(-1)?.field === 'uuid' ? columns : undefined;
}

/** Columns of a table that begins with a line of names, `memory.used [MiB]`, in whatever order. */
export function columnsOfHeader(header: string): readonly (Column | undefined)[] {
  return header.split(',').map((cell) => {
    const name = cell.replace(/\[.*\]\s*$/, '').trim();
    const entry = Object.entries(FIELDS).find(([, { names }]) => (names as readonly string[]).includes(name));
    return entry && { field: entry[0] as FieldId, name };
  });
}

/** Every name and alias in the output of `--help-query-gpu`; undefined where that is not what was printed. */
export function parseFieldHelp(text: string): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    if (/^"[^"]+"(?: or "[^"]+")*\s*$/.test(line)) {
      for (const [, name = ''] of line.matchAll(/"([^"]+)"/g)) {
        names.add(name);
      }
    }
  }
  return names.has('index') && names.has('uuid') ? names : undefined;
}

/** The field that the driver turned down; undefined where that was not the trouble. */
export function parseRefusedField(said: string): string | undefined {
  return /Field "([^"]+)" is not a valid field to query/.exec(said)?.[1];
}

import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';

/** The sensors of one device (Documentation/hwmon/sysfs-interface.rst). Some accelerators have none. */
export class Hwmon {
  private readonly files: KernelFiles;
  private readonly folder: string | undefined;
  /** `temp junction` to `temp2`. */
  private readonly labels = new Map<string, string>();

  constructor(files: KernelFiles, deviceFolder: string) {
    this.files = files;
    const chip = (known(files.list(`${deviceFolder}/hwmon`)) ?? []).find((name) => /^hwmon\d+$/.test(name));
    this.folder = chip === undefined ? undefined : `${deviceFolder}/hwmon/${chip}`;
    for (const file of this.folder === undefined ? [] : (known(files.list(this.folder)) ?? [])) {
      const [, sensor, kind] = /^(([a-z]+)\d+)_label$/.exec(file) ?? [];
      const label = sensor === undefined ? undefined : known(files.text(`${this.folder ?? ''}/${file}`));
      if (sensor !== undefined && kind !== undefined && label !== undefined) {
        this.labels.set(`${kind} ${label.trim().toLowerCase()}`, sensor);
      }
    }
  }

  read(file: string): Measured<string> {
    if (this.folder === undefined) {
      return absent('no sensors');
    }
    const text = this.files.text(`${this.folder}/${file}`);
    return isAbsent(text) ? text : text.trim();
  }

  /** `labelled('temp', 'junction', 'input')`: the file `temp2_input`, if that is what it is labelled. */
  labelled(kind: 'temp' | 'freq' | 'power' | 'energy' | 'fan', label: string, what: string): Measured<string> {
    const sensor = this.labels.get(`${kind} ${label}`);
    return sensor === undefined ? absent(this.folder === undefined ? 'no sensors' : 'no such sensor') : this.read(`${sensor}_${what}`);
  }
}

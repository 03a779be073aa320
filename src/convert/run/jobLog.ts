import { closeSync, openSync, writeSync } from 'node:fs';

/** A job's log, a line an event, each with its time. */
export interface JobLog {
  write(line: string): void;
  close(): void;
}

export function openJobLog(file: string): JobLog {
  const fd = openSync(file, 'a', 0o600);
  return {
    write(line) {
      try {
        writeSync(fd, `${new Date().toISOString()} ${line}\n`);
      } catch {
        // A log that cannot be written is no reason to stop: the journal, which must be, says so.
      }
    },
    close: () => closeSync(fd),
  };
}

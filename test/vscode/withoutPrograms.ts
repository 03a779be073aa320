import { execa } from 'execa';

/** Where Debian and people put programs, and where Trainyard looks for them beside PATH. */
const FOLDERS = ['/usr/bin', '/usr/local/bin'];

/**
 * A command to put before another, which then runs on a machine that has no such programs: in a mount namespace of its own, whose
 * folders of programs are overlays that lack them. Undefined where the kernel grants no namespace, as in some containers.
 *
 * @param names of programs
 */
export async function withoutPrograms(names: readonly string[]): Promise<readonly string[] | undefined> {
  // The tmpfs that holds the overlays' upper layers lies in the namespace alone, and goes with it.
  const script = [
    'set -e',
    'mount -t tmpfs none /mnt',
    ...FOLDERS.flatMap((folder, index) => [
      `mkdir /mnt/upper${index} /mnt/work${index}`,
      `mount -t overlay overlay -o lowerdir=${folder},upperdir=/mnt/upper${index},workdir=/mnt/work${index} ${folder}`,
      `(cd ${folder} && rm -f ${names.join(' ')})`,
    ]),
    'exec "$@"',
  ].join('\n');
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = ['unshare', ...asRoot, '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh'];
  const [file = '', ...args] = command;
  const trial = await execa(file, [...args, 'true'], { reject: false });
  return trial.exitCode === 0 ? command : undefined;
}

/** What an extension does that starts `nvidia-smi -q -x` for each sample. */
import { execFile } from 'node:child_process';

setInterval(() => {
  execFile('nvidia-smi', ['-q', '-x'], { maxBuffer: 64 * 2 ** 20 }, (error, stdout) => {
    if (error ?? !stdout.includes('</nvidia_smi_log>')) {
      throw error ?? new Error('nvidia-smi said something else');
    }
  });
}, 1000);

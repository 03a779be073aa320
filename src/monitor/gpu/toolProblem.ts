import type { ToolError } from '../../process/toolError.ts';
import type { GpuProblem } from '../gpuSample.ts';
import { shortened } from './quantity.ts';

interface Known {
  readonly pattern: RegExp;
  readonly reason: GpuProblem['reason'];
  readonly text: (title: string) => string;
  readonly remedy: string;
}

/** What tools of several makers say when they cannot. */
const KNOWN: readonly Known[] = [
  {
    pattern: /permission denied|not permitted|insufficient perm|operation not allowed|EACCES|requires? root|CAP_PERFMON|dcmi.{0,40}-8005/i,
    reason: 'noPermission',
    text: (title) => `${title} may not look at the device.`,
    remedy: 'Ask for membership of the groups that own the device, as a rule “render” and “video”.',
  },
  {
    pattern: /driver (?:is )?not (?:loaded|initiali[sz]ed|found)|amdgpu (?:is )?not (?:found|loaded)|not found in modules|kernel driver/i,
    reason: 'driverNotLoaded',
    text: () => 'The kernel driver of the device is not loaded.',
    remedy: 'Load the driver, or start the machine again after it was installed.',
  },
  {
    pattern: /no (?:\w+ )?(?:devices?|gpus?|chips?|npus?)(?: (?:was|were|are))? (?:found|available|detected|present)|no device (?:discovered|filter matched)|unable to (?:get|detect) devices?/i,
    reason: 'noDevices',
    text: (title) => `${title} finds no device.`,
    remedy: 'In a container, hand the device in; on the machine itself, see whether its driver has taken it.',
  },
  {
    pattern: /cannot open shared object|error while loading shared lib|\b(?:lib\w+\.so\S*)[^\n]*(?:not found|cannot|no such)|ModuleNotFoundError|ImportError/i,
    reason: 'libraryMissing',
    text: (title) => `${title} cannot load a library that it needs.`,
    remedy: 'Install the library that it names, of the same version as the driver.',
  },
];

/** What is so where a tool told nothing that is of use, out of its own words. */
export function problemOf(title: string, said: string, error?: ToolError): GpuProblem {
  if (error?.reason === 'notFound') {
    return { reason: 'toolMissing', text: `${title} is not installed here, or not found.`, remedy: `Install it, or set its path in the settings.` };
  }
  const words = said.trim() === '' ? {} : { said: shortened(said.trim()) };
  if (error?.reason === 'timeout') {
    return { reason: 'unknown', text: `${title} does not answer.`, ...words };
  }
  const known = KNOWN.find(({ pattern }) => pattern.test(said));
  return known === undefined
    ? { reason: 'unknown', text: `${title} says nothing that can be read.`, ...words }
    : { reason: known.reason, text: known.text(title), remedy: known.remedy, ...words };
}

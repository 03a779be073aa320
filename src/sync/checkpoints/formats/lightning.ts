import type { CheckpointFormat } from '../../checkpoint.ts';
import { focused, inspectTorch, torchEvidence } from './torch.ts';

/** A `.ckpt` of PyTorch Lightning: a file of `torch.save` whose top names Lightning's version. */
export const lightning: CheckpointFormat = {
  id: 'lightning',
  title: 'Lightning',
  depth: 1,
  evidence(_, head, focus) {
    const torch = torchEvidence(head, focus);
    // data.pkl is the first member, and the version is in it; of a large model beyond what was read, and the file's name tells.
    return torch >= 0.6 && (head.includes('pytorch-lightning_version') || /^(?:epoch=\d+|last(?:-v\d+)?).*\.ckpt$/.test(focus ?? '')) ? torch + 0.2 : 0;
  },
  async inspect(source, listing, signal) {
    const { inspection, contents } = await inspectTorch(source, listing, focused(source, listing), signal);
    return contents?.lightning === undefined ? inspection : { ...inspection, metadata: { Lightning: contents.lightning, ...inspection.metadata } };
  },
};

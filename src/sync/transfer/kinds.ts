import type { BytePath } from '../../base/bytePath.ts';

/** Text, which shrinks to a third or less. Media, archives and weights are compressed, or noise. */
const TEXT = new Set(
  'bash c cc cfg conf cpp cs css csv cu cuh cxx go h hpp html ini ipynb java jinja js json jsonl jsx kt log lua m md mjs ndjson php pl proto py pyi r rb rs rst scala sh sql srt svg swift toml ts tsv tsx txt vtt xml yaml yml'.split(' '),
);
/** Each training step changes all of it: looking for what stayed costs four times what it saves. */
const WEIGHTS = new Set('bin ckpt gguf h5 msgpack npy npz onnx pdparams pkl pt pth safetensors tflite weights'.split(' '));

export function isText(path: BytePath): boolean {
  return TEXT.has(extension(path));
}

export function isWeights(path: BytePath): boolean {
  return WEIGHTS.has(extension(path));
}

function extension(path: BytePath): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

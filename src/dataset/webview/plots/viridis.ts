/** The map "viridis" (Smith and van der Walt, matplotlib): even steps of brightness, told apart without red and green. */
const ANCHORS = ['440154', '482878', '3e4989', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725'].map((hex) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

/** 256 colours, red, green and blue in turn. */
export function viridis(): Uint8Array {
  const map = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    const at = (index / 255) * (ANCHORS.length - 1);
    const low = Math.min(ANCHORS.length - 2, Math.floor(at));
    for (let channel = 0; channel < 3; channel++) {
      const [one = 0, other = 0] = [ANCHORS[low]?.[channel], ANCHORS[low + 1]?.[channel]];
      map[index * 3 + channel] = Math.round(one + (other - one) * (at - low));
    }
  }
  return map;
}

import { checkTableForm } from '../../../media/rules/row.ts';
import type { PlacedFinding } from './form.ts';

/** What is wrong with a text as a whole: its mark, its line ends. */
export function textFindings(text: string): PlacedFinding[] {
  const bom = text.charCodeAt(0) === 0xfeff;
  const returns = text.indexOf('\r\n');
  const plain = returns < 0 ? -1 : loneLineFeed(text);
  return checkTableForm({ bom, mixedLineEnds: plain >= 0 }).map((finding) => ({
    finding,
    span: finding.code === 'table/byte-order-mark' ? [0, 1] : [Math.max(0, plain - 1), plain],
  }));
}

/** The first line feed without a carriage return before it. */
function loneLineFeed(text: string): number {
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) !== 0x0d) {
      return at;
    }
  }
  return -1;
}

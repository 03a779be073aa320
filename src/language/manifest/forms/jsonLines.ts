import type { ManifestForm } from './form.ts';
import { changeJson, parseJsonRow } from './jsonRow.ts';
import { lineSpans, wholeLine } from './lineSpans.ts';
import { textFindings } from './textFindings.ts';

/** A JSON object a line. */
export const jsonLines: ManifestForm = {
  id: 'jsonl',
  split(text) {
    return { ...lineSpans(text), layout: {}, findings: textFindings(text) };
  },
  parse: parseJsonRow,
  change(place, mend, path) {
    if (mend.do === 'removeRow') {
      const [from, to] = wholeLine(place.text, place.span);
      return { from, to, text: '' };
    }
    return changeJson(place, mend, path);
  },
};


import { jsonFault } from '../../../media/rows/jsonFault.ts';
import type { ManifestForm, PlacedFinding, RowList } from './form.ts';
import { changeJson, parseJsonRow } from './jsonRow.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;
/** Longer documents are not gone through once more to find the place of a fault. */
const MAX_EXPLAINED = 4 * 2 ** 20;

/** A JSON document: a list of rows, or an object of lists of rows (COCO), or one row that is the whole object. */
export const jsonDocument: ManifestForm = {
  id: 'json',
  split(text) {
    const reader = new DocumentReader(text);
    return { ...reader.read(), findings: reader.isWhole ? [] : brokenOff(text) };
  },
  parse: parseJsonRow,
  change(place, mend, path) {
    if (mend.do !== 'removeRow') {
      return changeJson(place, mend, path);
    }
    const { text, span } = place;
    const behind = /\s*,/y;
    behind.lastIndex = span[1];
    if (behind.test(text)) {
      const blanks = /\s*/y;
      blanks.lastIndex = behind.lastIndex;
      blanks.test(text);
      return { from: span[0], to: blanks.lastIndex, text: '' };
    }
    const before = /,?\s*$/.exec(text.slice(Math.max(0, span[0] - 1000), span[0]))?.[0] ?? '';
    return { from: span[0] - before.length, to: span[1], text: '' };
  },
};

function brokenOff(text: string): PlacedFinding[] {
  const at = text.length > MAX_EXPLAINED ? text.length : jsonFault(text);
  const message = at >= text.trimEnd().length ? 'The document is not complete.' : `${JSON.stringify(text.slice(at, at + 1))} is not expected here: rows behind it may be lost.`;
  const last = Math.max(0, Math.min(at, text.trimEnd().length - 1));
  return [{ finding: { code: 'table/broken-off', message }, span: [last, Math.min(text.length, last + 1)] }];
}

/** Finds rows by brackets alone, so that one that does not parse does not hide the others. */
class DocumentReader {
  isWhole = true;
  private at = 0;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly sections: number[] = [];
  private readonly sectionNames: string[] = [];

  constructor(private readonly text: string) {}

  read(): Omit<RowList, 'findings'> {
    this.blanks();
    if (this.code() === OPEN_LIST) {
      this.list('');
    } else if (this.code() === OPEN_OBJECT) {
      this.object();
    }
    this.blanks();
    this.isWhole &&= this.at >= this.text.length;
    return { starts: this.starts, ends: this.ends, sections: this.sections, sectionNames: this.sectionNames, layout: {} };
  }

  private code(): number {
    return this.text.charCodeAt(this.at);
  }

  private blanks(): void {
    for (let code = this.code(); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff; code = this.code()) {
      this.at++;
    }
  }

  private object(): void {
    const start = this.at++;
    const before = this.starts.length;
    for (;;) {
      this.blanks();
      if (this.code() === COMMA) {
        this.at++;
        continue;
      }
      if (this.code() !== QUOTE) {
        break;
      }
      const keyStart = this.at + 1;
      this.string();
      const key = this.text.slice(keyStart, this.at - 1);
      this.blanks();
      if (this.text[this.at] !== ':') {
        break;
      }
      this.at++;
      this.blanks();
      if (this.code() === OPEN_LIST && this.listHoldsObjects()) {
        this.list(key);
      } else {
        this.value();
      }
    }
    if (this.code() === CLOSE_OBJECT) {
      this.at++;
    } else {
      this.isWhole = false;
    }
    if (this.starts.length === before) {
      this.sectionNames.push('');
      this.add(start, this.isWhole ? this.at : this.text.trimEnd().length, this.sectionNames.length - 1);
      this.at = this.isWhole ? this.at : this.text.length;
    }
  }

  private listHoldsObjects(): boolean {
    const opens = /\[\s*\{/y;
    opens.lastIndex = this.at;
    return opens.test(this.text);
  }

  private list(name: string): void {
    this.at++;
    const section = this.sectionNames.push(name) - 1;
    for (;;) {
      this.blanks();
      const code = this.code();
      if (code === COMMA) {
        this.at++;
      } else if (code === CLOSE_LIST) {
        this.at++;
        return;
      } else if (Number.isNaN(code) || code === CLOSE_OBJECT) {
        this.isWhole = false;
        return;
      } else {
        const start = this.at;
        this.value();
        this.add(start, this.at, section);
      }
    }
  }

  private add(start: number, end: number, section: number): void {
    this.starts.push(start);
    this.ends.push(end);
    this.sections.push(section);
  }

  /** Goes over one value, whatever is in it. */
  private value(): void {
    const code = this.code();
    if (code === QUOTE) {
      this.string();
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      this.brackets();
    } else {
      const from = this.at;
      for (let next = code; !Number.isNaN(next) && next !== COMMA && next !== CLOSE_LIST && next !== CLOSE_OBJECT && next !== 0x0a; next = this.code()) {
        this.at++;
      }
      if (this.at === from) {
        this.at++;
      }
    }
  }

  private brackets(): void {
    const { text } = this;
    let depth = 0;
    do {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.string();
        continue;
      }
      if (code === OPEN_OBJECT || code === OPEN_LIST) {
        depth++;
      } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        depth--;
      } else if (Number.isNaN(code)) {
        this.isWhole = false;
        return;
      }
      this.at++;
    } while (depth > 0);
  }

  /** A string ends with its line at the latest: one that is not closed takes no more than that. */
  private string(): void {
    const { text } = this;
    for (let at = this.at + 1; ; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        at++;
      } else if (code === QUOTE) {
        this.at = at + 1;
        return;
      } else if (code === 0x0a || Number.isNaN(code)) {
        this.at = Number.isNaN(code) ? text.length : at;
        this.isWhole = false;
        return;
      }
    }
  }
}

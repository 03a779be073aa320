/** Told of what a document holds, in its order. */
export interface XmlListener {
  /** `id`: the attribute of that name, empty where there is none. */
  onOpen(name: string, id: string): void;
  /** `text`: what stood between this element's start and its end, if no other element did. */
  onClose(name: string, text: string): void;
}

/** Deeper than any report is; what is nested further is no report. */
const DEEPEST = 64;
const MARKUP = /<(?:!--[^]*?-->|!\[CDATA\[([^]*?)\]\]>|[?!][^>]*>|(\/?)([A-Za-z_][\w.-]*)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>)/g;

/**
 * Reads the XML that nvidia-smi prints: elements, text, at most an attribute `id`. It stops without a word where the document
 * breaks off or an end does not belong to the start before; what was told until then holds. Entities other than the five that XML
 * has of itself stay as they are, and a document type is passed over: nothing is ever fetched or expanded.
 */
export function readXml(xml: string, listener: XmlListener): void {
  const open: string[] = [];
  let textFrom = 0;
  MARKUP.lastIndex = 0;
  for (const match of xml.matchAll(MARKUP)) {
    const [whole, , slash, name, attributes = '', selfClosing] = match;
    if (name === undefined) {
      continue;
    }
    if (slash === '/') {
      if (open.pop() !== name) {
        return;
      }
      listener.onClose(name, unescaped(xml.slice(textFrom, match.index)));
    } else {
      if (open.length === DEEPEST) {
        return;
      }
      listener.onOpen(name, /\bid\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? '');
      if (selfClosing === '/') {
        listener.onClose(name, '');
      } else {
        open.push(name);
      }
    }
    textFrom = match.index + whole.length;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.trim().replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

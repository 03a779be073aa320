import { SaxesParser } from 'saxes';
import type { CornerBox } from '../../media/rules/boxes.ts';

export interface VocAnnotation {
  readonly filename?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly objects: readonly CornerBox[];
  /** Why it could not be read to its end. */
  readonly problem?: string;
}

/** Reads one annotation; what does not parse is a problem and no exception. Entities of a document's own are not resolved. */
export function readVocXml(xml: string): VocAnnotation {
  const parser = new SaxesParser();
  const path: string[] = [];
  const objects: CornerBox[] = [];
  const values = new Map<string, string>();
  let object: Map<string, string> | undefined;
  let words = '';
  let problem: string | undefined;
  parser.on('error', (error) => {
    problem ??= error.message;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    words = '';
    if (path.length === 2 && name === 'object') {
      object = new Map();
    }
  });
  parser.on('text', (text) => {
    words += text;
  });
  parser.on('closetag', () => {
    const key = path.slice(1).join('/');
    // Parts of an object (head, hand) have boxes of their own.
    if (object !== undefined && (key === 'object/name' || key.startsWith('object/bndbox/'))) {
      object.set(key.slice(key.lastIndexOf('/') + 1), words.trim());
    } else if (key === 'filename' || key.startsWith('size/')) {
      values.set(key, words.trim());
    }
    if (key === 'object' && object !== undefined) {
      objects.push(boxOf(object));
      object = undefined;
    }
    path.pop();
  });
  try {
    parser.write(xml).close();
  } catch (error) {
    problem ??= (error as Error).message;
  }
  const filename = values.get('filename');
  const [width, height] = [Number(values.get('size/width')), Number(values.get('size/height'))];
  return {
    objects,
    ...(filename !== undefined && { filename }),
    ...(Number.isFinite(width) && Number.isFinite(height) && { size: { width, height } }),
    ...(problem !== undefined && { problem }),
  };
}

function boxOf(values: ReadonlyMap<string, string>): CornerBox {
  const number = (key: string): number => Number(values.get(key) ?? 'NaN');
  return { name: values.get('name') ?? '', left: number('xmin'), top: number('ymin'), right: number('xmax'), bottom: number('ymax') };
}

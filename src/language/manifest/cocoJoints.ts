import { checkCategoryIds, checkCocoBox } from '../../media/rules/boxes.ts';
import type { Finding } from '../../media/rules/rule.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import type { CrossFinding, CrossInput } from './crossChecks.ts';
import type { RowValue } from './forms/form.ts';

/** What joins images, annotations and categories of a COCO document. */
export function checkCocoJoints({ rows, states }: CrossInput): CrossFinding[] {
  const bySection = new Map<string, number[]>();
  for (const row of states.keys()) {
    const name = rows.sectionNames?.[rows.sections?.[row] ?? -1] ?? '';
    const list = bySection.get(name) ?? [];
    list.push(row);
    bySection.set(name, list);
  }
  const jointsOf = (name: string): (readonly [number, RowValue])[] => (bySection.get(name) ?? []).flatMap((row) => (states[row]?.joint === undefined ? [] : [[row, states[row].joint] as const]));
  const images = new Map(jointsOf('images').map(([, joint]) => [keyOf(joint.id), joint]));
  const categories = jointsOf('categories');
  const categoryIds = new Set(categories.map(([, joint]) => keyOf(joint.id)));
  const findings: CrossFinding[] = [];
  for (const [row, joint] of jointsOf('annotations')) {
    for (const finding of checkAnnotation(joint, images, categoryIds, bySection.has('images'))) {
      findings.push({ row, finding });
    }
  }
  const [firstCategory] = categories;
  if (firstCategory) {
    findings.push(...checkCategoryIds(categories.map(([, { id }]) => id)).map((finding) => ({ row: firstCategory[0], finding: { ...finding, key: 'id' } })));
    findings.push(...twinNames(categories));
  }
  return findings;
}

function checkAnnotation({ image_id: image, category_id: category, bbox }: RowValue, images: ReadonlyMap<string, RowValue>, categories: ReadonlySet<string>, hasImages: boolean): Finding<RuleCode>[] {
  const findings: Finding<RuleCode>[] = [];
  const owner = images.get(keyOf(image));
  if (hasImages && image !== undefined && owner === undefined) {
    findings.push({ code: 'coco/image-dangling', key: 'image_id', message: `image_id ${keyOf(image)} is the id of no image.`, mends: [{ do: 'removeRow' }] });
  }
  if (category !== undefined && categories.size > 0 && !categories.has(keyOf(category))) {
    findings.push({ code: 'coco/category-dangling', key: 'category_id', message: `category_id ${keyOf(category)} is the id of no category.`, mends: [{ do: 'removeRow' }] });
  }
  if (bbox !== undefined) {
    const { width, height } = owner ?? {};
    findings.push(...checkCocoBox(bbox, typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined));
  }
  return findings;
}

function twinNames(categories: readonly (readonly [number, RowValue])[]): CrossFinding[] {
  const seen = new Map<unknown, string>();
  return categories.flatMap(([row, { id, name }]): CrossFinding[] => {
    const before = seen.get(name);
    seen.set(name, before ?? keyOf(id));
    return before === undefined || name === undefined ? [] : [{ row, finding: { code: 'class/similar-names', key: 'name', message: `The category ${before} is called ${JSON.stringify(name)} as well.` } }];
  });
}

function keyOf(id: unknown): string {
  return typeof id === 'string' ? id : (JSON.stringify(id) ?? 'undefined');
}

import type { FormId, ManifestForm } from './form.ts';
import { jsonDocument } from './jsonDocument.ts';
import { jsonLines } from './jsonLines.ts';
import { kaldiForm } from './kaldiForm.ts';
import { tableForm } from './tableForm.ts';
import { yamlForm } from './yamlForm.ts';

export const FORMS: Readonly<Record<FormId, ManifestForm>> = { jsonl: jsonLines, json: jsonDocument, table: tableForm, kaldi: kaldiForm, yaml: yamlForm };

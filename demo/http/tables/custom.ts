import { printJson } from '../../api/json.ts';
import type { PrinterColumn, ServedResource } from '../../api/resource.ts';
import { ageColumn, nameColumn, type Column } from './column.ts';
import { sinceText } from './duration.ts';
import { valuesAt } from './json-path.ts';

/** The columns that a CustomResourceDefinition asks for; without any, its age. */
export function customColumns({ printerColumns }: ServedResource): readonly Column[] {
  if (printerColumns.length === 0) return [nameColumn, { ...ageColumn, type: 'date' }];
  return [nameColumn, ...printerColumns.map(customColumn)];
}

function customColumn(column: PrinterColumn): Column {
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description:
      column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    priority: column.priority ?? 0,
    cell: (object, now) => cellOf(valuesAt(object.whole, column.jsonPath)[0], column.type, now),
  };
}

/** Null where the value does not fit the type, as the real server has it. */
function cellOf(value: unknown, type: string, now: number): unknown {
  if (value === undefined) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : typeof value === 'bigint' ? value : null;
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? sinceText(value, now) : null;
    default:
      return typeof value === 'string' ? value : printJson(value);
  }
}

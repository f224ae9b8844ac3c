import { columnsOf } from '../../../../../demo/http/tables/columns.ts';
import { tableRow } from '../../../../../demo/http/tables/table.ts';
import { servedResource } from '../../support/served-resource.ts';

export const NOW = Date.parse('2026-01-01T00:10:00Z');
export const META = { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' };

export type Fields = Readonly<Record<string, unknown>>;

/** The cells of an object by the names of their columns. */
export function cells(of: string, object: Fields, subresource?: string): Fields {
  const [group = '', resource = ''] = of.split('/');
  const columns = columnsOf(servedResource(resource, 'Kind', { group }), subresource);
  const row = tableRow({ metadata: META, ...object }, { columns, includeObject: 'None', now: NOW });
  const values = row['cells'] as readonly unknown[];
  return Object.fromEntries(columns.map(({ name }, index) => [name, values[index]]));
}

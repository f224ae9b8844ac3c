import { badRequest } from '../refusals.ts';
import type { JsonObject } from '../layout.ts';
import type { Column } from './column.ts';
import { Fields } from './fields.ts';
import { podRowConditions } from './pods.ts';

/** How much of each object goes into its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws ApiError 400 for a value that is none. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? '';
  if (value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: "${value}": must be 'Metadata', 'Object', 'None', or empty`,
  );
}

export interface TableOptions {
  readonly columns: readonly Column[];
  readonly includeObject: IncludeObject;
  /** Milliseconds since 1970, for ages. */
  readonly now: number;
}

function columnDefinitions(columns: readonly Column[]): readonly JsonObject[] {
  return columns.map(({ name, type, format, description = '', priority }) => ({
    name,
    type,
    format,
    description,
    priority,
  }));
}

/** Everything of a table but its rows. */
export function tableHead(columns: readonly Column[], metadata: JsonObject): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columnDefinitions(columns),
  };
}

export function tableRow(object: JsonObject, { columns, includeObject, now }: TableOptions): JsonObject {
  const fields = new Fields(object);
  const conditions = object['kind'] === 'Pod' ? podRowConditions(fields) : undefined;
  return {
    cells: columns.map(({ cell }) => cell(fields, now)),
    ...(conditions === undefined ? {} : { conditions }),
    object: rowObject(object, includeObject),
  };
}

function rowObject(object: JsonObject, includeObject: IncludeObject): unknown {
  switch (includeObject) {
    case 'None':
      return null;
    case 'Metadata':
      return partialMetadata(object);
    case 'Object':
      return object;
  }
}

/** What PartialObjectMetadata shows of an object. */
export function partialMetadata(object: JsonObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object['metadata'] };
}

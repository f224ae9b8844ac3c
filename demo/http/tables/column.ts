import { sinceText } from './duration.ts';
import type { Fields } from './fields.ts';

/** A column of a table and how its cells are made. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  /** Default: none. */
  readonly description?: string;
  /** Above 0: shown with `-o wide` only. */
  readonly priority: number;
  /** Plain JSON; null for nothing. `now` in milliseconds since 1970. */
  readonly cell: (object: Fields, now: number) => unknown;
}

type Cell = Column['cell'];

export function text(name: string, cell: Cell): Column {
  return { name, type: 'string', format: '', priority: 0, cell };
}

export function integer(name: string, cell: Cell): Column {
  return { name, type: 'integer', format: '', priority: 0, cell };
}

export function flag(name: string, cell: Cell): Column {
  return { name, type: 'boolean', format: '', priority: 0, cell };
}

/** A column for `-o wide`. */
export function wide(column: Column): Column {
  return { ...column, priority: 1 };
}

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  cell: (object) => object.at('metadata').text('name') ?? '',
};

export const ageColumn: Column = text('Age', (object, now) =>
  sinceText(object.at('metadata').text('creationTimestamp'), now),
);

export const createdAtColumn: Column = {
  name: 'Created At',
  type: 'date',
  format: '',
  priority: 0,
  cell: (object) => object.at('metadata').text('creationTimestamp') ?? null,
};

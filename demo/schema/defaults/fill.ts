import { isRecord } from '../record.ts';

export type Json = Readonly<Record<string, unknown>>;

/** `value` with the members of `defaults` that it does not have. */
export function fill(value: unknown, defaults: Json): Json {
  return { ...defaults, ...(isRecord(value) ? value : {}) };
}

/** `{ [key]: … }` with each object of a list changed; nothing where there is no list. */
export function fillEach(of: Json, key: string, change: (item: Json) => Json): Json {
  const list = of[key];
  if (!Array.isArray(list)) return {};
  return { [key]: list.map((item: unknown) => (isRecord(item) ? change(item) : item)) };
}

/** `{ [key]: … }` with an object changed; nothing where there is none. */
export function fillMember(of: Json, key: string, change: (member: Json) => Json): Json {
  const member = of[key];
  return isRecord(member) ? { [key]: change(member) } : {};
}

import { readOnce } from '../read-once.ts';
import type { BaseField } from './value.ts';

export const version: BaseField = async (context, responseName) => {
  const { body } = await readOnce(context, responseName, { path: '/version' });
  return { json: body };
};

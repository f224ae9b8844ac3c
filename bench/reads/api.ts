import { Pool } from 'undici';
import { targetOf } from '../target.ts';

/** Requests to the API server as the kubeconfig's user. Other statuses than 2xx are errors, but for those named here. */
export interface Api {
  get(path: string): Promise<unknown>;
  exists(path: string): Promise<boolean>;
  /** Creates an object in a collection, or leaves the one that is there. */
  create(path: string, object: object): Promise<void>;
  /** Removes an object, if it is there. */
  remove(path: string): Promise<void>;
  close(): Promise<void>;
}

const OK = 200;
const ALREADY_EXISTS = 409;
const NOT_FOUND = 404;

export function createApi(kubeconfig: string): Api {
  const { origin, pathPrefix, headers, connect } = targetOf(kubeconfig);
  const pool = new Pool(origin, { connect, connections: 32 });
  const send = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    tolerated: number,
    object?: object,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const answer = await pool.request({
      method,
      path: pathPrefix + path,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(object === undefined ? {} : { body: JSON.stringify(object) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode < 300 || answer.statusCode === tolerated)
      return { status: answer.statusCode, text };
    throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  };
  return {
    get: async (path) => JSON.parse((await send('GET', path, OK)).text) as unknown,
    exists: async (path) => (await send('GET', path, NOT_FOUND)).status === OK,
    create: async (path, object) => void (await send('POST', path, ALREADY_EXISTS, object)),
    remove: async (path) => void (await send('DELETE', path, NOT_FOUND)),
    close: () => pool.close(),
  };
}

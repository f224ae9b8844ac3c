import { at, type Exact, parseExact } from './exact-json.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** One error of an answer, as far as the suites look at it. */
export interface GraphQLFailure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, Exact>>;
}

export interface GraphQLAnswer {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  readonly data: Exact | undefined;
  readonly errors: readonly GraphQLFailure[];
  readonly extensions: Exact | undefined;
}

export interface GraphQLClient {
  readonly url: string;
  /** Sends a document and answers whatever comes back. */
  ask(
    document: string,
    variables?: Variables,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphQLAnswer>;
  /** The data of an answer that must have no errors. */
  data(document: string, variables?: Variables, headers?: Readonly<Record<string, string>>): Promise<Exact>;
  /** The only error of an answer that must have exactly one. */
  failure(
    document: string,
    variables?: Variables,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphQLFailure>;
  /** POSTs a body as it is. */
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<GraphQLAnswer>;
}

/** A plain client: what it says about numbers is exact. */
export function graphQLClient(url: string): GraphQLClient {
  const post: GraphQLClient['post'] = async (body, headers = {}) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body,
    });
    return readAnswer(answer.status, await answer.text());
  };
  const ask: GraphQLClient['ask'] = (query, variables, headers) =>
    post(JSON.stringify({ query, variables }), headers);
  return {
    url,
    post,
    ask,
    data: async (...args) => {
      const { data, errors, text } = await ask(...args);
      if (errors.length > 0 || data === undefined)
        throw new Error(`the gateway refused: ${text.slice(0, 2000)}`);
      return data;
    },
    failure: async (...args) => {
      const { errors, text } = await ask(...args);
      const [only, ...others] = errors;
      if (only === undefined || others.length > 0)
        throw new Error(`not one error, but: ${text.slice(0, 2000)}`);
      return only;
    },
  };
}

/** A body as an answer; text that is not JSON is an answer without data and errors. */
export function readAnswer(status: number, text: string): GraphQLAnswer {
  const body = text.startsWith('{') ? parseExact(text) : undefined;
  const errors = at(body, 'errors') ?? [];
  return {
    status,
    text,
    data: at(body, 'data'),
    // What the suites read of errors, they compare: a wrong shape shows there.
    errors: errors as unknown as readonly GraphQLFailure[],
    extensions: at(body, 'extensions'),
  };
}

import { notAcceptable } from './refusals.ts';

/** What shape of answer is wanted. */
export type Form = 'object' | 'table' | 'metadata' | 'metadataList' | 'aggregatedDiscovery';

/** How an answer is to be written. */
export interface Representation {
  readonly syntax: 'json' | 'yaml';
  readonly form: Form;
  readonly pretty: boolean;
}

export interface Wishes {
  readonly accept: string | undefined;
  readonly userAgent: string | undefined;
  readonly query: URLSearchParams;
}

/** Forms that plain requests for objects can be answered in. */
const OBJECT_FORMS: readonly Form[] = ['object', 'table', 'metadata', 'metadataList'];

/**
 * The first thing a client accepts that the server can write. Protobuf is never written: whoever offers nothing else is
 * refused, as for custom resources on a real server.
 *
 * @throws ApiError 406 when there is none.
 */
export function negotiate(wishes: Wishes, forms: readonly Form[] = OBJECT_FORMS): Representation {
  for (const clause of clausesOf(wishes.accept)) {
    const syntax = syntaxOf(clause);
    const form = formOf(clause);
    if (syntax === undefined || form === undefined || !forms.includes(form)) continue;
    return { syntax, form, pretty: isPretty(wishes) };
  }
  throw notAcceptable(`only the following media types are accepted: ${WRITTEN.join(', ')}`);
}

/** For errors. They are no tables; where nothing fits, the real server falls back to indented JSON. */
export function negotiateError(wishes: Wishes): Representation {
  try {
    return negotiate(wishes, ['object']);
  } catch {
    return { syntax: 'json', form: 'object', pretty: true };
  }
}

/** Watches are written as JSON only. */
export function negotiateWatch(wishes: Wishes): Representation {
  const representation = negotiate(wishes);
  if (representation.syntax === 'json') return representation;
  throw notAcceptable(`only the following media types are accepted: ${STREAMED.join(', ')}`);
}

/** Protobuf is among them, as on a real server that answers for a custom resource: it names what it has, not what helps. */
const WRITTEN = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const STREAMED = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/**
 * What the router of built-in resources refuses before a handler looks at the parameters of media types.
 *
 * @throws ApiError 406 when nothing that is accepted exists at all.
 */
export function requireMediaType({ accept }: Wishes, of: 'object' | 'collection' | 'log'): void {
  const known = of === 'log' ? ['text/plain', ...WRITTEN] : WRITTEN;
  const isKnown = ({ mediaType }: Clause): boolean =>
    mediaType === '*/*' || mediaType === 'application/*' || known.includes(mediaType);
  if (clausesOf(accept).some(isKnown)) return;
  const available = of === 'collection' ? [...known, ...STREAMED] : known;
  throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`, {});
}

interface Clause {
  readonly mediaType: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** Best first; the order of the header among equals. */
function clausesOf(accept: string | undefined): readonly Clause[] {
  if (accept === undefined || accept.trim() === '') return [ANYTHING];
  return accept
    .split(',')
    .map(clauseOf)
    .sort((a, b) => b.quality - a.quality);
}

const ANYTHING: Clause = { mediaType: '*/*', parameters: new Map(), quality: 1 };

function clauseOf(text: string): Clause {
  const [mediaType = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map(parameterOf));
  const quality = Number(parameters.get('q') ?? '1');
  return { mediaType: mediaType.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality };
}

function parameterOf(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [name.trim().toLowerCase(), value.trim()];
}

function syntaxOf({ mediaType }: Clause): 'json' | 'yaml' | undefined {
  switch (mediaType) {
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json';
    case 'application/yaml':
      return 'yaml';
    default:
      return undefined;
  }
}

/** Undefined for a form that the server does not know. */
function formOf({ parameters }: Clause): Form | undefined {
  const as = parameters.get('as');
  if (as === undefined) return 'object';
  const version = `${parameters.get('g')}/${parameters.get('v')}`;
  return FORMS[`${version} ${as}`];
}

const FORMS: Readonly<Record<string, Form | undefined>> = {
  'meta.k8s.io/v1 Table': 'table',
  'meta.k8s.io/v1 PartialObjectMetadata': 'metadata',
  'meta.k8s.io/v1 PartialObjectMetadataList': 'metadataList',
  'apidiscovery.k8s.io/v2 APIGroupDiscoveryList': 'aggregatedDiscovery',
};

/** People look through these, so they get it indented. */
const PEOPLE = /^(?:curl|Wget|Mozilla\/5\.0)/;

function isPretty({ query, userAgent }: Wishes): boolean {
  const asked = query.get('pretty');
  if (asked !== null) return asked !== 'false' && asked !== '0' && asked !== '';
  return userAgent !== undefined && PEOPLE.test(userAgent);
}

import type { Exact } from './exact-json.ts';

/** A kind as the table writes and reads it. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name of its type without `Input`, and of the fields that create and get it. */
  readonly type: string;
  readonly create: string;
  readonly get: string;
  /** As kubectl names it. */
  readonly resource: string;
}

/** What the rows about Widgets need in a Widget's spec, beside what every Widget has. */
export const WIDGET_PROPERTIES = {
  matrix: { type: 'array', items: { type: 'array', items: { type: 'integer', format: 'int64' } } },
  cube: {
    type: 'array',
    items: { type: 'array', items: { type: 'array', items: { type: 'string' } } },
  },
  grid: {
    type: 'array',
    items: {
      type: 'array',
      items: { type: 'object', properties: { x: { 'x-kubernetes-int-or-string': true } } },
    },
  },
  routes: {
    type: 'object',
    additionalProperties: { type: 'object', properties: { weight: { type: 'integer' } } },
  },
  lists: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  texts: { type: 'array', items: { type: 'string' } },
  flag: { type: 'boolean' },
  rank: { type: 'string', enum: ['1st', 'a-b', 'true', ''] },
  'x-metadata': { type: 'object', properties: { 'a.b': { type: 'string' } } },
  'cephfs-mirror': { type: 'object', additionalProperties: { type: 'string' } },
  '1st': { type: 'string' },
  ratios: { type: 'array', items: { type: 'number' } },
};

const CONFIG_MAP = builtIn('v1', 'ConfigMap', 'CoreV1');
const SECRET = builtIn('v1', 'Secret', 'CoreV1');
const SERVICE = builtIn('v1', 'Service', 'CoreV1');
const RESOURCE_QUOTA = builtIn('v1', 'ResourceQuota', 'CoreV1');
const LEASE = builtIn('coordination.k8s.io/v1', 'Lease', 'CoordinationV1');
const POD_TEMPLATE = builtIn('v1', 'PodTemplate', 'CoreV1');

function builtIn(apiVersion: string, kind: string, prefix: string): Kind {
  const get = kind.charAt(0).toLowerCase() + kind.slice(1);
  return {
    apiVersion,
    kind,
    type: prefix + kind,
    create: `create${kind}`,
    get,
    resource: kind.toLowerCase(),
  };
}

export type Path = readonly (string | number)[];

/** A value, and where it is. */
export interface Row {
  readonly what: string;
  readonly of: Kind;
  /** The object's members as JSON text: no program here reads its digits. `metadata` has no name. */
  readonly json: string;
  /** Where the value is in the object. */
  readonly path: Path;
  /** What is given to GraphQL, where that is something else. */
  readonly input?: string;
  /** Where GraphQL answers it, where that is another place. */
  readonly answered?: Path;
  /** What the API server makes of it, where that is something else. */
  readonly stored?: Exact;
}

export type WidgetRow = Omit<Row, 'of'>;

/** A row about one field of a Widget's spec. */
function spec(what: string, field: string, value: string, more: Partial<WidgetRow> = {}): WidgetRow {
  return { what, json: `{"spec":{"${field}":${value}}}`, path: ['spec', field], ...more };
}

/** The same of a field whose name GraphQL does not allow. */
function renamed(field: string, name: string, value: string, input = value): WidgetRow {
  const more = { input: `{"spec":{"${name}":${input}}}`, answered: ['spec', name] };
  return spec(`the field ${field}`, field, value, more);
}

const ODD_TEXT = JSON.stringify(
  'quote " backslash \\ slash / tab \t line \n \r \u0000 \u0007 \u001f \u007f \u2028 ü 漢 😀 e\u0301 </script> ${x} \\u0041',
);
const ODD_KEYS =
  '{"$ref":1,"":2,"a.b/c":3,"__proto__":{"x":1},"constructor":null,"x-y":[],"ü 😀":{},"q\\"\\\\":true,"1":0}';

export const BUILT_IN_ROWS: readonly Row[] = [
  {
    what: 'label keys with dots, slashes and capitals',
    of: CONFIG_MAP,
    json: '{"metadata":{"labels":{"app.kubernetes.io/name":"a","example.com/a-B_c.d":"1","Z":"","a":"true"}}}',
    path: ['metadata', 'labels'],
  },
  {
    what: 'booleans, numbers and null as text in annotations',
    of: CONFIG_MAP,
    json: '{"metadata":{"annotations":{"a":"true","b":"0","c":"null","d":"1e3","e":"","example.com/f":"{\\"a\\":1}"}}}',
    path: ['metadata', 'annotations'],
  },
  {
    what: 'text of every kind in annotations',
    of: CONFIG_MAP,
    json: `{"metadata":{"annotations":{"odd":${ODD_TEXT}}}}`,
    path: ['metadata', 'annotations'],
  },
  {
    what: 'labels of a template inside an object',
    of: POD_TEMPLATE,
    json: '{"template":{"metadata":{"labels":{"a.b/c":"d","e.f/G":""}},"spec":{"containers":[{"name":"c","image":"i"}]}}}',
    path: ['template', 'metadata', 'labels'],
  },
  {
    what: 'Secret keys, and base64 with padding and without',
    of: SECRET,
    json: '{"data":{"tls.crt":"AAEC","tls_KEY-2":"/+8=",".hidden":"","x":"8J+YgA=="}}',
    path: ['data'],
  },
  {
    what: 'ConfigMap keys and text of every kind',
    of: CONFIG_MAP,
    json: `{"data":{"nginx.conf":${ODD_TEXT},"A_b-C.d":"yes",".hidden":""}}`,
    path: ['data'],
  },
  {
    what: 'every byte as base64',
    of: CONFIG_MAP,
    json: `{"binaryData":{"all.bin":"${Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64')}"}}`,
    path: ['binaryData'],
  },
  ...['8080', '"http"'].map((port): Row => {
    const json = `{"spec":{"ports":[{"port":80,"targetPort":${port}}]}}`;
    return { what: `targetPort ${port}`, of: SERVICE, json, path: ['spec', 'ports', 0, 'targetPort'] };
  }),
  {
    what: 'six digits of a MicroTime',
    of: LEASE,
    json: '{"spec":{"renewTime":"2026-01-01T00:00:00.123456Z"}}',
    path: ['spec', 'renewTime'],
  },
  {
    what: 'trailing zeros of a MicroTime',
    of: LEASE,
    json: '{"spec":{"renewTime":"2026-01-01T00:00:00.100000Z"}}',
    path: ['spec', 'renewTime'],
  },
  ...(
    [
      ['0.1', '100m'],
      ['"1024Mi"', '1Gi'],
      ['"1e3"', '1e3'],
      ['"+5"', '+5'],
      ['"0.0001"', '1m'],
      ['1073741824', '1073741824'],
    ] as const
  ).map(([cpu, stored]): Row => {
    const json = `{"spec":{"hard":{"cpu":${cpu}}}}`;
    return {
      what: `Quantity ${cpu}`,
      of: RESOURCE_QUOTA,
      json,
      path: ['spec', 'hard'],
      stored: { cpu: stored },
    };
  }),
];

/** Those of Widgets, which are of a group of the suite's own. */
export const WIDGET_ROWS: readonly WidgetRow[] = [
  ...['9007199254740993', '9223372036854775807', '-9223372036854775808'].map((digits) =>
    spec(`int64 ${digits}`, 'size', digits, { input: `{"spec":{"size":"${digits}"}}` }),
  ),
  spec('int64 0', 'size', '0'),
  ...['8080', '"8080"', '"25%"', '-1'].map((value) => spec(`int-or-string ${value}`, 'port', value)),
  spec('doubles', 'ratios', '[0.1,1e-7,1.7976931348623157e+308,-5e-324,3,-0.5]'),
  spec('text of every kind', 'text', ODD_TEXT),
  spec('text that looks like something else', 'texts', '["true","0","null","1e3","2026-01-01","~","{}"," "]'),
  spec('true', 'flag', 'true'),
  spec('false', 'flag', 'false'),
  spec('an empty string', 'text', '""'),
  spec('an empty list', 'texts', '[]'),
  spec('a list of empty strings', 'texts', '["",""]'),
  spec('an empty map', 'labels', '{}'),
  spec('a null', 'nothing', 'null'),
  spec('lists of lists', 'matrix', '[[1,2],[],[3]]'),
  spec('lists of lists of lists', 'cube', '[[["a"],[]],[],[["",""]]]'),
  spec('objects in lists of lists', 'grid', '[[{"x":1},{"x":"1"}],[]]', {
    path: ['spec', 'grid', 0, 1, 'x'],
  }),
  spec('maps of objects', 'routes', '{"a.b/c":{"weight":1},"d e":{},"":{"weight":0}}'),
  spec('maps of lists', 'lists', '{"a.b/c":["x"],"none":[]}'),
  spec('a map of strings with any keys', 'labels', '{"a.b/c":"1","$ref":"","__proto__":"p","ü 😀":"x"}'),
  ...['1st', 'a-b', 'true', ''].map((value) => spec(`the enum value "${value}"`, 'rank', `"${value}"`)),
  spec('unknown fields where they are preserved', 'free', ODD_KEYS),
  spec(
    'values of every type where nothing is declared',
    'free',
    '{"a":[1,-2.5,"",null,true,[[]],{}],"b":{"c":{"d":[]}}}',
  ),
  renamed('$ref', '_ref', '"a"'),
  renamed('x-kubernetes-odd', 'x_kubernetes_odd', '"a"'),
  renamed('cephfs-mirror', 'cephfs_mirror', '{"a-b":"c"}'),
  renamed('1st', '_1st', '"a"'),
  {
    ...renamed('x-metadata', 'x_metadata', '{"a.b":"c"}', '{"a_b":"c"}'),
    path: ['spec', 'x-metadata', 'a.b'],
    answered: ['spec', 'x_metadata', 'a_b'],
  },
];

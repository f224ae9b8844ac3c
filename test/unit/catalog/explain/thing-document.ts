import type { Resource } from '../../../../src/catalog/resource.ts';

/**
 * A group-version's OpenAPI document with everything that an explanation can show. The texts beside this file are what
 * kubectl 1.36's own template makes of it.
 */
export const THING_DOCUMENT = {
  paths: {
    '/apis/example.com/v1/things': {
      get: { 'x-kubernetes-group-version-kind': { group: 'example.com', version: 'v1', kind: 'Thing' } },
    },
  },
  components: {
    schemas: {
      'com.example.v1.Thing': {
        description:
          'Thing is a thing.\n\nIt has several parts, and this sentence is long enough to be broken where kubectl breaks it.',
        type: 'object',
        required: ['spec'],
        externalDocs: { description: 'More about things', url: 'https://example.com/things' },
        properties: {
          kind: { type: 'string' },
          spec: {
            allOf: [{ $ref: '#/components/schemas/com.example.v1.Spec' }],
            description: 'What it should be.',
          },
        },
        'x-kubernetes-group-version-kind': [
          { group: 'example.com', version: 'v2', kind: 'Thing' },
          { group: 'example.com', version: 'v1', kind: 'Thing' },
        ],
      },
      'com.example.v1.Spec': {
        description: 'Spec describes a thing.',
        type: 'object',
        required: ['color', 'constructor'],
        properties: {
          color: {
            type: 'string',
            enum: ['red', '', 'green', 'blue', 'pink'],
            description: 'A\tcolour  of  it.',
          },
          level: {
            type: 'integer',
            enum: [1, 2.5, 1000000, 1e-7],
            description: 'Ünïcode is counted in characters.',
          },
          when: { $ref: '#/components/schemas/com.example.v1.Time' },
          parts: {
            type: 'array',
            items: { $ref: '#/components/schemas/com.example.v1.Part' },
            description: 'All parts.',
          },
          byName: {
            type: 'object',
            additionalProperties: {
              type: 'array',
              items: { $ref: '#/components/schemas/com.example.v1.Part' },
            },
          },
          free: { type: 'object', additionalProperties: true },
          port: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
          lost: { $ref: '#/components/schemas/com.example.v1.Missing' },
          constructor: {
            type: 'boolean',
            description: 'Aword'.repeat(20),
            externalDocs: {
              description: 'Rather long further reading of which there is more than one line can hold.',
              url: 'https://example.com/a',
            },
          },
          'dotted.name': { type: 'object', properties: { $ref: { type: 'string' } } },
        },
      },
      'com.example.v1.Part': {
        description: 'Part is a part. ',
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', description: 'Its name.' },
          within: { $ref: '#/components/schemas/com.example.v1.Part' },
          mode: { type: 'string', enum: ['', 'on'] },
        },
      },
      'com.example.v1.Time': { type: 'string', format: 'date-time', description: 'A moment.' },
    },
  },
} as const;

export const THING: Resource = {
  group: 'example.com',
  version: 'v1',
  kind: 'Thing',
  resource: 'things',
  singular: 'thing',
  namespaced: true,
  verbs: ['get'],
  shortNames: [],
  categories: [],
  subresources: [],
};

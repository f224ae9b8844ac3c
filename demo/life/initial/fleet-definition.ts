import type { KubeObject } from '../../api/object.ts';
import type { Draft } from '../kinds.ts';
import { timestamp } from '../time.ts';

const CONDITION = {
  type: 'object',
  required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
  properties: {
    type: { type: 'string', maxLength: 316 },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    reason: { type: 'string', minLength: 1, maxLength: 1024 },
    message: { type: 'string', maxLength: 32_768 },
  },
};

const ROUTE = {
  type: 'object',
  required: ['name', 'from', 'to'],
  properties: {
    name: { type: 'string', description: 'Unique among the routes of a fleet.' },
    from: { type: 'string' },
    to: { type: 'string' },
    days: { type: 'integer', format: 'int32', minimum: 1, default: 7 },
  },
};

const SPEC = {
  type: 'object',
  required: ['captain'],
  properties: {
    ships: {
      type: 'integer',
      format: 'int32',
      minimum: 0,
      maximum: 1000,
      default: 1,
      description: 'How many ships are wanted.',
    },
    captain: { type: 'string', minLength: 1, description: 'Who commands the fleet.' },
    cargo: { type: 'integer', format: 'int64', minimum: 0, description: 'Containers on board.' },
    tonnage: {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern:
        '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
      'x-kubernetes-int-or-string': true,
      description: 'What the fleet can carry, as a quantity: 12k, 1.5M.',
    },
    port: { 'x-kubernetes-int-or-string': true, description: 'The home port, by number or by name.' },
    routes: {
      type: 'array',
      items: ROUTE,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      description: 'Where the fleet sails.',
    },
  },
};

const STATUS = {
  type: 'object',
  properties: {
    phase: { type: 'string', enum: ['Pending', 'Loading', 'Sailing', 'InPort'] },
    ships: { type: 'integer', format: 'int32' },
    selector: { type: 'string' },
    observedGeneration: { type: 'integer', format: 'int64' },
    currentRoute: { type: 'string' },
    conditions: {
      type: 'array',
      items: CONDITION,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
  },
};

const NAMES = {
  plural: 'fleets',
  singular: 'fleet',
  kind: 'Fleet',
  listKind: 'FleetList',
  shortNames: ['fl'],
  categories: ['all'],
};

/** A custom resource of the demo's own, with everything that a definition may have. */
export function fleetDefinition(now: number): Draft<KubeObject> {
  const lastTransitionTime = timestamp(now);
  return {
    metadata: { name: 'fleets.demo.kubegraph.dev' },
    spec: {
      group: 'demo.kubegraph.dev',
      names: NAMES,
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'Ships that sail together.',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: SPEC,
                status: STATUS,
              },
            },
          },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.ships',
              statusReplicasPath: '.status.ships',
              labelSelectorPath: '.status.selector',
            },
          },
          selectableFields: [{ jsonPath: '.spec.captain' }],
          additionalPrinterColumns: [
            { name: 'Captain', type: 'string', jsonPath: '.spec.captain' },
            { name: 'Ships', type: 'integer', jsonPath: '.status.ships' },
            { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
            { name: 'Cargo', type: 'integer', jsonPath: '.spec.cargo', priority: 1 },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        },
      ],
      conversion: { strategy: 'None' },
    },
    status: {
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          lastTransitionTime,
          reason: 'NoConflicts',
          message: 'no conflicts found',
        },
        {
          type: 'Established',
          status: 'True',
          lastTransitionTime,
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
      acceptedNames: NAMES,
      storedVersions: ['v1'],
    },
  };
}

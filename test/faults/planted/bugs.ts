import type { Bug } from './plant.ts';

/** Mistakes that watches have been known to make. */
export const BUGS: readonly Bug[] = [
  {
    name: 'skips the first event behind a reconnect',
    showsUnder: ['end'],
    edits: [
      {
        file: 'reflector/step.ts',
        search: "return { kind: 'watch', resourceVersion: phase.resourceVersion };",
        replacement:
          "return { kind: 'watch', resourceVersion: phase.kind === 'watching' ? String(Number(phase.resourceVersion) + 1) : phase.resourceVersion };",
      },
    ],
  },
  {
    name: 'tells again what a server repeats',
    showsUnder: ['replay'],
    edits: [
      {
        file: 'feeds/store.ts',
        search: 'if (known?.resourceVersion === object.resourceVersion) return [];',
        replacement: '',
      },
    ],
  },
  {
    name: 'ignores a 410',
    showsUnder: ['errorEvent', 'refuse'],
    edits: [
      {
        file: 'reflector/verdict.ts',
        search: "if (error.code === 'EXPIRED') return 'gone';",
        replacement: "if (error.code === 'EXPIRED') return 'transient';",
      },
    ],
  },
  {
    name: 'loses deletions when it lists again',
    showsUnder: ['errorEvent', 'refuse'],
    edits: [
      {
        file: 'feeds/store.ts',
        search: "changes.push({ type: 'DELETED', object: known, before: known.bytes });",
        replacement: '',
      },
    ],
  },
  {
    name: 'goes on from the objects of a list that broke off',
    showsUnder: ['end'],
    edits: [
      {
        file: 'reflector/step.ts',
        search: "return to(facts, phase, [{ kind: 'collect', type, objects: [object] }]);",
        replacement:
          "return to({ ...facts, listedAt: laterVersion(facts.listedAt ?? '1', object.resourceVersion) }, phase, [{ kind: 'collect', type, objects: [object] }]);",
      },
      {
        file: 'reflector/step.ts',
        search:
          "if (phase.kind === 'initialising') return retry(state, LIST, endedEarly('the list was complete'));",
        replacement: `if (phase.kind === 'initialising') {
          const resourceVersion = state.facts.listedAt;
          if (resourceVersion === undefined) return retry(state, LIST, endedEarly('anything came'));
          return to(listed(state.facts, resourceVersion), { kind: 'synced', resourceVersion }, [
            { kind: 'commit', resourceVersion },
            { kind: 'openWatch', resourceVersion },
          ]);
        }`,
      },
    ],
  },
  {
    name: 'says SYNCED before the list is complete',
    edits: [
      {
        file: 'reflector/step.ts',
        search: "return to(facts, phase, [{ kind: 'collect', type, objects: [object] }]);",
        replacement: `{
          const { resourceVersion } = object;
          return to(listed(facts, resourceVersion), { kind: 'watching', resourceVersion }, [
            { kind: 'collect', type, objects: [object] },
            { kind: 'commit', resourceVersion },
          ]);
        }`,
      },
    ],
  },
  {
    name: 'takes an older version for news',
    showsUnder: ['replay'],
    edits: [
      {
        file: 'feeds/store.ts',
        search: '(known !== undefined && isOlder(object.resourceVersion, known.resourceVersion))',
        replacement: 'false',
      },
    ],
  },
  {
    name: 'forgets the selector when it reconnects',
    showsUnder: ['end'],
    edits: [
      {
        file: 'reflector/calls.ts',
        search: `      timeoutSeconds: String(request.timeoutSeconds),
      ...selectorQuery(scope),`,
        replacement: `      timeoutSeconds: String(request.timeoutSeconds),
      ...(request.resourceVersion === undefined ? selectorQuery(scope) : {}),`,
      },
    ],
  },
  {
    name: 'takes another object of the same name for the same object',
    showsUnder: ['errorEvent', 'refuse'],
    edits: [
      {
        file: 'feeds/store.ts',
        search: "return known.uid !== '' && object.uid !== '' && known.uid !== object.uid;",
        replacement: 'return known === undefined || object === undefined;',
      },
    ],
  },
  {
    name: 'coalesces a deletion away',
    edits: [
      {
        file: 'delivery-queue.ts',
        search: '      latest.delete(key);\n    }',
        replacement: "      latest.delete(key);\n      if (delivery.event.type === 'DELETED') return;\n    }",
      },
    ],
  },
  {
    name: 'hands out a cursor that is too far',
    showsUnder: ['errorEvent', 'refuse'],
    edits: [
      {
        file: 'feeds/snapshot-feed.ts',
        search: 'cursor: index === changes.length - 1 ? cursors.at(after) : until,',
        replacement: 'cursor: index < 0 ? until : cursors.at(after),',
      },
    ],
  },
];

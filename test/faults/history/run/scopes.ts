import type { ScopeUnderTest } from '../scope.ts';

type ScopeName = 'all' | 'namespace' | 'label' | 'labels' | 'field' | 'both' | 'name';

/** Everything, a namespace, selectors of labels and of fields, and one object. */
export type ScopesUnderTest = Readonly<Record<ScopeName, ScopeUnderTest>>;

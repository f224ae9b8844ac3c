import { ageColumn, createdAtColumn, flag, integer, nameColumn, text, wide, type Column } from './column.ts';
import { sinceText } from './duration.ts';
import { NONE, type Fields } from './fields.ts';

const UNKNOWN = '<unknown>';

export const nodeColumns: readonly Column[] = [
  nameColumn,
  text('Status', nodeStatus),
  text('Roles', nodeRoles),
  ageColumn,
  text('Version', (node) => nodeInfo(node).text('kubeletVersion') ?? ''),
  wide(text('Internal-IP', (node) => nodeAddress(node, 'InternalIP'))),
  wide(text('External-IP', (node) => nodeAddress(node, 'ExternalIP'))),
  wide(text('OS-Image', (node) => nodeInfo(node).text('osImage') ?? UNKNOWN)),
  wide(text('Kernel-Version', kernelText)),
  wide(text('Container-Runtime', (node) => nodeInfo(node).text('containerRuntimeVersion') ?? UNKNOWN)),
];

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  text('Status', (object) => object.at('status').text('phase') ?? ''),
  ageColumn,
];

export const configMapColumns: readonly Column[] = [
  nameColumn,
  text('Data', (object) => object.at('data').keys.length + object.at('binaryData').keys.length),
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  text('Type', (object) => object.text('type') ?? ''),
  text('Data', (object) => object.at('data').keys.length),
  ageColumn,
];

export const leaseColumns: readonly Column[] = [
  nameColumn,
  text('Holder', (object) => object.at('spec').text('holderIdentity') ?? ''),
  ageColumn,
];

export const priorityClassColumns: readonly Column[] = [
  nameColumn,
  integer('Value', (object) => object.number('value')),
  flag('Global-Default', (object) => object.flag('globalDefault')),
  ageColumn,
  text('PreemptionPolicy', (object) => object.text('preemptionPolicy') ?? ''),
];

export const createdAtColumns: readonly Column[] = [nameColumn, createdAtColumn];

/** Of both event APIs, whose fields have different names for the same. */
export const eventColumns: readonly Column[] = [
  text('Last Seen', (event, now) => sinceText(lastSeen(event), now)),
  text('Type', (event) => event.text('type') ?? ''),
  text('Reason', (event) => event.text('reason') ?? ''),
  text('Object', (event) => {
    const about = aboutOf(event);
    return `${(about.text('kind') ?? '').toLowerCase()}/${about.text('name') ?? ''}`;
  }),
  wide(text('Subobject', (event) => aboutOf(event).text('fieldPath') ?? '')),
  wide(text('Source', eventSource)),
  text('Message', (event) => (event.text('message') ?? event.text('note') ?? '').trim()),
  wide(text('First Seen', (event, now) => sinceText(firstSeen(event), now))),
  wide(text('Count', eventCount)),
  wide(nameColumn),
];

export const bindingColumns: readonly Column[] = [
  nameColumn,
  text('Role', (object) => `${object.at('roleRef').text('kind')}/${object.at('roleRef').text('name')}`),
  ageColumn,
  wide(text('Users', (object) => subjectsText(object, 'User'))),
  wide(text('Groups', (object) => subjectsText(object, 'Group'))),
  wide(text('ServiceAccounts', (object) => subjectsText(object, 'ServiceAccount'))),
];

function nodeInfo(node: Fields): Fields {
  return node.at('status', 'nodeInfo');
}

function nodeStatus(node: Fields): string {
  const ready = node
    .at('status')
    .list('conditions')
    .find((each) => each.text('type') === 'Ready');
  const word = ready === undefined ? 'Unknown' : ready.text('status') === 'True' ? 'Ready' : 'NotReady';
  return node.at('spec').flag('unschedulable') ? `${word},SchedulingDisabled` : word;
}

const ROLE_PREFIX = 'node-role.kubernetes.io/';

function nodeRoles(node: Fields): string {
  const labels = node.at('metadata', 'labels');
  const roles = labels.keys.flatMap((key) => {
    if (key.startsWith(ROLE_PREFIX)) return key.slice(ROLE_PREFIX.length);
    return key === 'kubernetes.io/role' ? (labels.text(key) ?? []) : [];
  });
  return roles.length === 0 ? NONE : roles.toSorted().join(',');
}

function nodeAddress(node: Fields, type: string): string {
  const addresses = node.at('status').list('addresses');
  return addresses.find((each) => each.text('type') === type)?.text('address') ?? NONE;
}

function kernelText(node: Fields): string {
  const info = nodeInfo(node);
  const version = info.text('kernelVersion');
  if (version === undefined) return UNKNOWN;
  const architecture = info.text('architecture');
  return architecture === undefined ? version : `${version} (${architecture})`;
}

function aboutOf(event: Fields): Fields {
  return event.has('regarding') ? event.at('regarding') : event.at('involvedObject');
}

function firstSeen(event: Fields): string | undefined {
  return event.text('firstTimestamp') ?? event.text('deprecatedFirstTimestamp') ?? event.text('eventTime');
}

function lastSeen(event: Fields): string | undefined {
  const series = event.at('series').text('lastObservedTime');
  return series ?? event.text('lastTimestamp') ?? event.text('deprecatedLastTimestamp') ?? firstSeen(event);
}

function eventCount(event: Fields): number {
  const series = event.at('series').number('count');
  if (series > 0) return series;
  const count = event.number('count', event.number('deprecatedCount'));
  return count === 0 ? 1 : count;
}

function eventSource(event: Fields): string {
  const source = event.has('source') ? event.at('source') : event.at('deprecatedSource');
  const component =
    source.text('component') ?? event.text('reportingComponent') ?? event.text('reportingController');
  const instance = source.text('host') ?? event.text('reportingInstance');
  return [component, instance].filter((part) => part !== undefined).join(', ');
}

function subjectsText(binding: Fields, kind: string): string {
  return binding
    .list('subjects')
    .filter((subject) => subject.text('kind') === kind)
    .map((subject) =>
      [subject.text('namespace'), subject.text('name')].filter((part) => part !== undefined).join('/'),
    )
    .join(', ');
}

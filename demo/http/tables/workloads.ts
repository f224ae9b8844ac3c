import { ageColumn, flag, integer, nameColumn, text, wide, type Column } from './column.ts';
import { humanDuration, sinceText } from './duration.ts';
import { hasCondition, labelsText, NONE, selectorText, type Fields } from './fields.ts';

const template = (object: Fields): Fields => object.at('spec', 'template', 'spec');
const jobTemplate = (object: Fields): Fields => object.at('spec', 'jobTemplate', 'spec', 'template', 'spec');

function containerColumns(podSpec: (object: Fields) => Fields): readonly Column[] {
  const join = (key: string) => (object: Fields) =>
    podSpec(object)
      .list('containers')
      .map((container) => container.text(key) ?? '')
      .join(',');
  return [wide(text('Containers', join('name'))), wide(text('Images', join('image')))];
}

const selectorColumn = wide(text('Selector', (object) => selectorText(object.at('spec', 'selector'))));

const status = (key: string) => (object: Fields) => object.at('status').number(key);
const spec = (key: string) => (object: Fields) => object.at('spec').number(key);

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  text('Ready', (object) => `${status('readyReplicas')(object)}/${spec('replicas')(object)}`),
  text('Up-to-date', status('updatedReplicas')),
  text('Available', status('availableReplicas')),
  ageColumn,
  ...containerColumns(template),
  selectorColumn,
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  integer('Desired', spec('replicas')),
  integer('Current', status('replicas')),
  integer('Ready', status('readyReplicas')),
  ageColumn,
  ...containerColumns(template),
  selectorColumn,
];

export const replicationControllerColumns: readonly Column[] = [
  ...replicaSetColumns.slice(0, -1),
  wide(text('Selector', (object) => labelsText(object.at('spec', 'selector')))),
];

export const statefulSetColumns: readonly Column[] = [
  nameColumn,
  text('Ready', (object) => `${status('readyReplicas')(object)}/${spec('replicas')(object)}`),
  ageColumn,
  ...containerColumns(template),
];

export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  integer('Desired', status('desiredNumberScheduled')),
  integer('Current', status('currentNumberScheduled')),
  integer('Ready', status('numberReady')),
  integer('Up-to-date', status('updatedNumberScheduled')),
  integer('Available', status('numberAvailable')),
  text('Node Selector', (object) => labelsText(template(object).at('nodeSelector'))),
  ageColumn,
  ...containerColumns(template),
  selectorColumn,
];

export const controllerRevisionColumns: readonly Column[] = [
  nameColumn,
  text('Controller', controllerText),
  text('Revision', (object) => object.number('revision')),
  ageColumn,
];

export const jobColumns: readonly Column[] = [
  nameColumn,
  text('Status', jobStatus),
  text('Completions', completionsText),
  text('Duration', durationText),
  ageColumn,
  ...containerColumns(template),
  selectorColumn,
];

export const cronJobColumns: readonly Column[] = [
  nameColumn,
  text('Schedule', (object) => object.at('spec').text('schedule') ?? ''),
  text('Timezone', (object) => object.at('spec').text('timeZone') ?? NONE),
  // A word, in spite of the column's type.
  flag('Suspend', (object) => (object.at('spec').flag('suspend') ? 'True' : 'False')),
  integer('Active', (object) => object.at('status').list('active').length),
  text('Last Schedule', (object, now) => {
    const last = object.at('status').text('lastScheduleTime');
    return last === undefined ? NONE : sinceText(last, now);
  }),
  ageColumn,
  ...containerColumns(jobTemplate),
  wide(text('Selector', (object) => selectorText(object.at('spec', 'jobTemplate', 'spec', 'selector')))),
];

/** `statefulset.apps/web`, as kubectl takes it. */
function controllerText(object: Fields): string {
  const owner = object
    .at('metadata')
    .list('ownerReferences')
    .find((each) => each.flag('controller'));
  if (owner === undefined) return NONE;
  const group = (owner.text('apiVersion') ?? '').split('/').slice(0, -1);
  return `${[owner.text('kind')?.toLowerCase(), ...group].join('.')}/${owner.text('name')}`;
}

function jobStatus(job: Fields): string {
  const state = job.at('status');
  if (hasCondition(state, 'Complete')) return 'Complete';
  if (hasCondition(state, 'Failed')) return 'Failed';
  if (job.at('metadata').has('deletionTimestamp')) return 'Terminating';
  if (hasCondition(state, 'Suspended')) return 'Suspended';
  if (hasCondition(state, 'FailureTarget')) return 'FailureTarget';
  return hasCondition(state, 'SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completionsText(job: Fields): string {
  const succeeded = status('succeeded')(job);
  const wanted = job.at('spec');
  if (wanted.has('completions')) return `${succeeded}/${wanted.number('completions')}`;
  const parallel = wanted.number('parallelism');
  return parallel > 1 ? `${succeeded}/1 of ${parallel}` : `${succeeded}/1`;
}

function durationText(job: Fields, now: number): string {
  const { startTime, completionTime } = times(job.at('status'));
  if (startTime === undefined) return '';
  return humanDuration((completionTime ?? now) - startTime);
}

function times(state: Fields): { startTime: number | undefined; completionTime: number | undefined } {
  const time = (key: string) => {
    const value = state.text(key);
    return value === undefined ? undefined : Date.parse(value);
  };
  return { startTime: time('startTime'), completionTime: time('completionTime') };
}

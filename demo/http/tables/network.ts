import { ageColumn, nameColumn, text, wide, type Column } from './column.ts';
import { labelsText, NONE, selectorText, type Fields } from './fields.ts';

export const serviceColumns: readonly Column[] = [
  nameColumn,
  text('Type', (service) => service.at('spec').text('type') ?? ''),
  text('Cluster-IP', (service) => service.at('spec').text('clusterIP') ?? NONE),
  text('External-IP', externalIp),
  text('Port(s)', servicePorts),
  ageColumn,
  wide(text('Selector', (service) => labelsText(service.at('spec', 'selector')))),
];

export const ingressColumns: readonly Column[] = [
  nameColumn,
  text('Class', (ingress) => ingress.at('spec').text('ingressClassName') ?? NONE),
  text('Hosts', ingressHosts),
  text('Address', (ingress) => loadBalancerAddresses(ingress).join(',')),
  text('Ports', (ingress) => (ingress.at('spec').list('tls').length === 0 ? '80' : '80, 443')),
  ageColumn,
];

export const ingressClassColumns: readonly Column[] = [
  nameColumn,
  text('Controller', (object) => object.at('spec').text('controller') ?? ''),
  text('Parameters', (object) => {
    const parameters = object.at('spec', 'parameters');
    const kind = [parameters.text('kind'), parameters.text('apiGroup')]
      .filter((part) => part !== undefined)
      .join('.');
    return kind === '' ? NONE : `${kind}/${parameters.text('name')}`;
  }),
  ageColumn,
];

export const networkPolicyColumns: readonly Column[] = [
  nameColumn,
  text('Pod-Selector', (object) => selectorText(object.at('spec', 'podSelector'))),
  ageColumn,
];

export const endpointsColumns: readonly Column[] = [nameColumn, text('Endpoints', endpointsText), ageColumn];

export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  text('AddressType', (slice) => slice.text('addressType') ?? ''),
  text('Ports', (slice) =>
    shortened(
      slice.list('ports').map((port) => String(port.number('port'))),
      '<unset>',
    ),
  ),
  text('Endpoints', (slice) =>
    shortened(
      slice.list('endpoints').flatMap((each) => each.texts('addresses')),
      '<unset>',
    ),
  ),
  ageColumn,
];

function externalIp(service: Fields): string {
  const spec = service.at('spec');
  const fixed = spec.texts('externalIPs');
  switch (spec.text('type')) {
    case 'ExternalName':
      return spec.text('externalName') ?? NONE;
    case 'LoadBalancer': {
      const all = [...loadBalancerAddresses(service), ...fixed];
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    default:
      return fixed.length === 0 ? NONE : fixed.join(',');
  }
}

function loadBalancerAddresses(object: Fields): readonly string[] {
  const points = object.at('status', 'loadBalancer').list('ingress');
  return points
    .map((point) => point.text('ip') ?? point.text('hostname') ?? '')
    .filter((address) => address !== '');
}

function servicePorts(service: Fields): string {
  const ports = service.at('spec').list('ports');
  const texts = ports.map((port) => {
    const nodePort = port.number('nodePort');
    return `${port.number('port')}${nodePort > 0 ? `:${nodePort}` : ''}/${port.text('protocol') ?? 'TCP'}`;
  });
  return texts.length === 0 ? NONE : texts.join(',');
}

function ingressHosts(ingress: Fields): string {
  const hosts = ingress
    .at('spec')
    .list('rules')
    .flatMap((rule) => rule.text('host') ?? []);
  return shortened(hosts, '*');
}

function endpointsText(endpoints: Fields): string {
  const all = endpoints.list('subsets').flatMap((subset) => {
    const addresses = subset.list('addresses').map((address) => address.text('ip') ?? '');
    const ports = subset.list('ports');
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => `${address}:${port.number('port')}`));
  });
  return shortened(all, NONE);
}

/** The first three, and how many there are beside. */
function shortened(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none;
  const head = texts.slice(0, 3).join(',');
  return texts.length > 3 ? `${head} + ${texts.length - 3} more...` : head;
}

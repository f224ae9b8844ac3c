import type { World } from '../controller.ts';
import { CONFIG_MAPS, DEPLOYMENTS, SERVICES } from '../kinds.ts';
import { container, deployment, service } from './manifests.ts';
import { createDaemon } from './system.ts';

const namespace = 'monitoring';

/** Watches the others: an agent on each node, and one that collects. */
export function createMonitoring(world: World): void {
  const { objects } = world;
  createDaemon(world, 'node-agent', {
    namespace,
    image: 'demo.kubegraph.dev/monitoring/node-agent:1.9.0',
    labels: { app: 'node-agent' },
    port: 9100,
    spec: { tolerations: [{ operator: 'Exists' }] },
  });
  objects.create(CONFIG_MAPS, {
    metadata: { name: 'collector-config', namespace },
    data: { 'collector.yaml': 'interval: 15s\ntargets:\n- node-agent:9100\n' },
  });
  const collector = container('collector', 'demo.kubegraph.dev/monitoring/collector:3.5.0', {
    port: 9090,
    cpu: '200m',
    memory: '512Mi',
    readinessPath: '/-/ready',
  });
  const reloader = container('reloader', 'demo.kubegraph.dev/monitoring/reloader:0.4.2');
  objects.create(
    DEPLOYMENTS,
    deployment('collector', { namespace, replicas: 1, containers: [collector, reloader] }),
  );
  objects.create(
    SERVICES,
    service('collector', { namespace, ports: [{ name: 'http', port: 9090, targetPort: 'http' }] }),
  );
}

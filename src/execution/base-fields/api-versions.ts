import { apiVersionOf, stabilityOf } from '../../catalog/resource.ts';
import { type BaseField, jsonValue } from './value.ts';

export const apiVersions: BaseField = async (context) =>
  jsonValue(
    context.catalog.discovery.groups.flatMap(({ versions }) =>
      versions.map((version, index) => ({
        apiVersion: apiVersionOf(version),
        group: version.group,
        version: version.version,
        stability: stabilityOf(version.version),
        preferred: index === 0,
        stale: version.stale,
      })),
    ),
  );

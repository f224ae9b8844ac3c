/**
 * What to accept where only metadata is wanted: a third of the bytes and less work for the API server. Servers that have no
 * such form, as aggregated ones may, answer with whole objects.
 */
function metadataOnly(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
}

/** Of one object. A list does not come in this form, nor an object in the other one. */
export const METADATA = metadataOnly('PartialObjectMetadata');
export const METADATA_LIST = metadataOnly('PartialObjectMetadataList');

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The same in protobuf, where the server can: half the work for it. Errors are JSON also then. */
export const METADATA_LIST_IN_PROTOBUF = `${PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,${METADATA_LIST}`;

export function isProtobuf(contentType: string): boolean {
  return contentType.startsWith(PROTOBUF);
}

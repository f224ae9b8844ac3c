/** In which form the pages of a list are read, and what for. Crosses process boundaries. */
export interface Reading {
  readonly form: 'json' | 'protobuf';
  readonly compress: boolean;
  /** Whether only the metadata of each pod is asked for. Default false. */
  readonly isMetadataOnly?: boolean;
  /** What makes the answer; `none` throws away what arrives, but for the first bytes of a page, which say how to go on. */
  readonly engine: 'wasm' | 'javascript' | 'none';
}

export const PATH = '/api/v1/pods';
export const PAGE_SIZE = 500;

const MEDIA_TYPES: Readonly<Record<Reading['form'], string>> = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf',
};

export function acceptOf({ form, isMetadataOnly = false }: Pick<Reading, 'form' | 'isMetadataOnly'>): string {
  return MEDIA_TYPES[form] + (isMetadataOnly ? ';as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : '');
}

/** Reads all pages once. */
export interface Work extends Reading {
  /** Where from: the same in all of a program's work. */
  readonly kubeconfig: string;
  /** Which state of the list, for answers that are to be compared. Default the newest. */
  readonly resourceVersion?: string;
}

export interface Outcome {
  readonly pods: number;
  /** Of the answer, which has the five fields of each pod and what each page says of the list. */
  readonly bytes: number;
  /** Undefined when no state was named. */
  readonly digest: string | undefined;
}

export type Reply = Outcome | { readonly failure: string };

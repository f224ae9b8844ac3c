import type { KubeObject } from '../../api/object.ts';
import type { Condition, IntOrString, Labels, LabelSelector, Taint, With } from './pod.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: IntOrString;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export type Service = With<
  {
    readonly type?: string;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    readonly clusterIP?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly [key: string]: unknown;
  },
  { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } }
>;

export type Node = With<
  {
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
    readonly podCIDR?: string;
    readonly [key: string]: unknown;
  },
  {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  }
>;

export type Namespace = With<
  { readonly finalizers?: readonly string[] },
  { readonly phase?: string; readonly conditions?: readonly Condition[] }
>;

export interface MetricTarget {
  readonly type: string;
  readonly averageUtilization?: number;
}

export type Autoscaler = With<
  {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
    readonly metrics?: readonly {
      readonly type: string;
      readonly resource?: { readonly name: string; readonly target: MetricTarget };
    }[];
  },
  {
    readonly lastScaleTime?: string;
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly conditions?: readonly Condition[];
    readonly [key: string]: unknown;
  }
>;

export type DisruptionBudget = With<
  {
    readonly minAvailable?: IntOrString;
    readonly maxUnavailable?: IntOrString;
    readonly selector?: LabelSelector;
  },
  { readonly conditions?: readonly Condition[]; readonly [key: string]: unknown }
>;

export type Claim = With<
  {
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: Labels };
  },
  { readonly phase?: string; readonly [key: string]: unknown }
>;

export type PersistentVolume = With<
  {
    readonly claimRef?: { readonly namespace: string; readonly name: string; readonly uid: string };
    readonly persistentVolumeReclaimPolicy?: string;
    readonly [key: string]: unknown;
  },
  { readonly phase?: string }
>;

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
}

export interface Fleet extends KubeObject {
  readonly spec: {
    readonly ships?: number;
    readonly captain?: string;
    readonly routes?: readonly {
      readonly name: string;
      readonly from: string;
      readonly to: string;
      readonly days?: number;
    }[];
    readonly [key: string]: unknown;
  };
  readonly status?: {
    readonly phase?: string;
    readonly ships?: number;
    readonly conditions?: readonly Condition[];
    readonly [key: string]: unknown;
  };
}

export interface Event extends KubeObject {
  readonly count?: number;
}

export type Lease = With<Readonly<Record<string, unknown>>, never>;

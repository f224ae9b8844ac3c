import type { KubeObject } from '../../api/object.ts';
import type { Condition, IntOrString, Labels, LabelSelector, PodTemplate, With } from './pod.ts';

export interface ScaledStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly [key: string]: unknown;
}

export type ReplicaSet = With<
  {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  },
  ScaledStatus
>;

export interface DeploymentStatus extends ScaledStatus {
  readonly updatedReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

export type Deployment = With<
  {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly paused?: boolean;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxSurge?: IntOrString; readonly maxUnavailable?: IntOrString };
    };
    readonly template: PodTemplate;
  },
  DeploymentStatus
>;

export type StatefulSet = With<
  {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly podManagementPolicy?: string;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly serviceName?: string;
    readonly template: PodTemplate;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly volumeClaimTemplates?: readonly KubeObject[];
  },
  ScaledStatus & { readonly currentRevision?: string; readonly updateRevision?: string }
>;

export type DaemonSet = With<
  {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString };
    };
  },
  Readonly<Record<string, unknown>>
>;

export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  readonly data: unknown;
}

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly backoffLimit?: number;
  readonly suspend?: boolean;
  readonly ttlSecondsAfterFinished?: number;
  readonly selector?: LabelSelector;
  readonly template: PodTemplate;
  readonly [key: string]: unknown;
}

export interface JobStatus {
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly [key: string]: unknown;
}

export type Job = With<JobSpec, JobStatus>;

export type CronJob = With<
  {
    readonly schedule: string;
    readonly suspend?: boolean;
    readonly concurrencyPolicy?: string;
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
    readonly jobTemplate: {
      readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
      readonly spec: JobSpec;
    };
  },
  {
    readonly active?: readonly unknown[];
    readonly lastScheduleTime?: string;
    readonly lastSuccessfulTime?: string;
  }
>;

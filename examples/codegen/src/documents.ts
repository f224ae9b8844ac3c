import { graphql } from './graphql/index.ts';

/** The containers of anything made from a pod template, with what they ask for. */
export const ContainerRequests = graphql(`
  fragment ContainerRequests on CoreV1PodSpec {
    containers {
      name
      image
      resources {
        requests
      }
    }
  }
`);

export const Workloads = graphql(`
  query Workloads($namespace: String!) {
    deployments(namespace: $namespace) {
      items {
        id
        metadata {
          name
          labels
          creationTimestamp
          generation
        }
        spec {
          replicas
          strategy {
            rollingUpdate {
              maxUnavailable
            }
          }
          template {
            spec {
              ...ContainerRequests
            }
          }
        }
        status {
          readyReplicas
        }
      }
    }
  }
`);

export const Scale = graphql(`
  mutation Scale($namespace: String!, $name: String!, $replicas: Int!) {
    scaleAppsV1Deployment(namespace: $namespace, name: $name, replicas: $replicas) {
      spec {
        replicas
      }
    }
  }
`);

export const SaveSettings = graphql(`
  mutation SaveSettings($namespace: String!, $name: String!, $input: CoreV1ConfigMapInput!) {
    applyConfigMap(namespace: $namespace, name: $name, input: $input) {
      id
      metadata {
        name
      }
      data
    }
  }
`);

export const WatchSettings = graphql(`
  subscription WatchSettings($namespace: String!, $name: String!, $resumeFrom: String) {
    configMaps(namespace: $namespace, name: $name, resumeFrom: $resumeFrom) {
      type
      cursor
      object {
        id
        data
      }
    }
  }
`);

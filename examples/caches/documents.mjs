import { gql } from '@apollo/client';

export const PODS = gql`
  query Pods($after: String) {
    pods(namespace: "shop", first: 8, after: $after) {
      edges {
        cursor
        node {
          id
          metadata {
            name
          }
          status {
            phase
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const DEPLOYMENTS = gql`
  query Deployments {
    deployments(namespace: "shop") {
      items {
        id
        metadata {
          name
        }
        spec {
          replicas
        }
      }
    }
  }
`;

/** Other fields of an object that DEPLOYMENTS has too. */
export const DEPLOYMENT = gql`
  query Deployment {
    deployment(namespace: "shop", name: "web") {
      id
      metadata {
        labels
      }
      spec {
        paused
      }
    }
  }
`;

/** It answers with the Deployment, id included. (scaleDeployment would answer with a Scale, which no cache can place.) */
export const PATCH = gql`
  mutation Patch($patch: JSON!) {
    patchDeployment(namespace: "shop", name: "web", patch: $patch) {
      id
      spec {
        replicas
      }
    }
  }
`;

export const SETTINGS = gql`
  query Settings {
    configMaps(namespace: "shop", labelSelector: "example=caches") {
      items {
        id
        metadata {
          name
        }
        data
      }
    }
  }
`;

export const SETTINGS_EVENTS = gql`
  subscription SettingsEvents {
    configMaps(namespace: "shop", labelSelector: "example=caches") {
      type
      cursor
      object {
        id
        metadata {
          name
        }
        data
      }
    }
  }
`;

export const SAVE = gql`
  mutation Save($input: CoreV1ConfigMapInput!) {
    applyConfigMap(namespace: "shop", name: "cached", input: $input) {
      __typename
    }
  }
`;

export const DELETE = gql`
  mutation Delete {
    deleteConfigMap(namespace: "shop", name: "cached") {
      pending
    }
  }
`;

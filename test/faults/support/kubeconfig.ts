import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';

interface Kubeconfig {
  readonly clusters: { cluster: Record<string, string> }[];
  readonly users: { user: Record<string, string> }[];
}

/** The data members of a kubeconfig, and the files that take their place. */
const FILES = {
  'certificate-authority': 'ca.crt',
  'client-certificate': 'client.crt',
  'client-key': 'client.key',
} as const;

/**
 * Writes a kubeconfig whose certificates and token are in files beside it, as they are where they rotate, and answers its
 * path. Written again, it replaces them.
 */
export function writeKubeconfig(directory: string, text: string): string {
  const config = parse(text) as Kubeconfig;
  const write = (name: string, content: Buffer | string): string => {
    const file = path.join(directory, name);
    // Whoever reads meanwhile gets the old or the new one, never a half.
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
    return file;
  };
  for (const members of [
    ...config.clusters.map((each) => each.cluster),
    ...config.users.map((each) => each.user),
  ]) {
    for (const [member, name] of Object.entries(FILES)) {
      const data = members[`${member}-data`];
      if (data === undefined) continue;
      delete members[`${member}-data`];
      members[member] = write(name, Buffer.from(data, 'base64'));
    }
    if (members['token'] === undefined) continue;
    members['tokenFile'] = write('token', members['token']);
    delete members['token'];
  }
  return write('kubeconfig', stringify(config));
}

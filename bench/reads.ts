/**
 * How fast reads are, as docs/performance.md explains: `npm run bench`, or `npm run bench -- --help`.
 * Linux only: CPU time and memory come from /proc.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Arguments, HELP, readArguments } from './reads/arguments.ts';
import { allCases, type Case, LARGE } from './reads/cases.ts';
import { type BenchCluster, openCluster, startDemoCluster } from './reads/cluster.ts';
import { differingConditions, regressions } from './reads/compare.ts';
import type { CaseResult, Report } from './reads/result.ts';
import { failedResult, runCase } from './reads/run-case.ts';
import { tableOf } from './reads/table.ts';
import { keptBuild, ownDirectory, print, progress, runToEnd } from './support.ts';

const directory = ownDirectory();
await runToEnd(main);

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args === undefined) return print(HELP);
  // First of all: a mistyped name should not cost a cluster's start.
  chosenCases(args, allCases('of a cluster that there is not yet'));
  const stored = args.compare === undefined ? undefined : readReport(args.compare);
  const cluster = await openCluster(args.cluster, progress);
  try {
    const report = await measure(args, cluster);
    print(tableOf(report));
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(report, undefined, 2)}\n`);
    if (stored !== undefined) tellRegressions(report, stored);
    if (Object.values(report.cases).some(({ failure }) => failure !== undefined)) process.exitCode = 1;
  } finally {
    await cluster.stop();
  }
}

async function measure(args: Arguments, cluster: BenchCluster): Promise<Report> {
  const cli = keptBuild(directory);
  const chosen = chosenCases(args, allCases(cluster.node));
  if (args.cluster.kind !== 'attached') await cluster.fill(args.pods);
  const pods = await cluster.pods();
  const cases: Record<string, CaseResult> = {};
  for (const of of chosen) {
    progress(of.name);
    cases[of.name] = await runOn(cluster, of, args.rounds, cli).catch((error: unknown) =>
      failedResult(of, error),
    );
  }
  return { node: process.version, server: cluster.server, pods, rounds: args.rounds, cases };
}

function chosenCases({ cases, large }: Arguments, all: readonly Case[]): readonly Case[] {
  if (cases === undefined) return all.filter(({ name }) => large || name !== LARGE);
  const names = all.map(({ name }) => name);
  const unknown = cases.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no case ${unknown}, only ${names.join(', ')}`);
  return all.filter(({ name }) => cases.includes(name) || (large && name === LARGE));
}

async function runOn(cluster: BenchCluster, of: Case, rounds: number, cli: string): Promise<CaseResult> {
  if (of.pods !== undefined) await cluster.fill(of.pods);
  if (of.isHuge !== true) return runCase(of, { kubeconfig: cluster.kubeconfig, directory, cli }, rounds);
  const demo = await startDemoCluster();
  try {
    return await runCase(of, { kubeconfig: demo.kubeconfig, directory, cli }, rounds);
  } finally {
    await demo.stop();
  }
}

function readReport(file: string): Report {
  // Written by --json; one that was not makes the comparison fail.
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function tellRegressions(report: Report, stored: Report): void {
  for (const line of differingConditions(report, stored)) print(`\n${line}: ratios may differ for that`);
  const worse = regressions(report, stored);
  print(
    worse.length === 0
      ? '\nno ratio is worse than stored by more than 15 %'
      : `\nworse than stored:\n${worse.map((line) => `  ${line}`).join('\n')}`,
  );
}

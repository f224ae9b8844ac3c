/**
 * How watches are delivered, as docs/performance.md explains: `npm run bench -- watch`, or `npm run bench -- watch --help`.
 * Linux only: CPU time, memory and descriptors come from /proc.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { keptBuild, ownDirectory, print, progress, runToEnd } from './support.ts';
import { readArguments, HELP, type Arguments } from './watch/arguments.ts';
import { CASES, type Case } from './watch/cases.ts';
import { Notes } from './watch/notes.ts';
import type { CaseResult, Report } from './watch/result.ts';
import { type Settings, Stage } from './watch/stage.ts';
import { tableOf } from './watch/table.ts';

const directory = ownDirectory();
await runToEnd(main);

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args === undefined) return print(HELP);
  const chosen = chosenCases(args);
  const { rounds, seconds } = args;
  const many = allowed(args.subscribers);
  const few = Math.ceil(many / 10);
  const settings: Settings = { cli: keptBuild(directory), directory, rounds, seconds, many, few };
  const cases: Record<string, CaseResult> = {};
  for (const each of chosen) {
    progress(each.name);
    cases[each.name] = await runCase(each, settings);
  }
  const report: Report = { node: process.version, subscribers: many, rounds, cases };
  print(tableOf(report));
  if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (Object.values(cases).some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
}

function chosenCases({ cases }: Arguments): readonly Case[] {
  const names = CASES.map(({ name }) => name);
  const unknown = cases?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no case ${unknown}, only ${names.join(', ')}`);
  return CASES.filter(({ name }) => cases?.includes(name) ?? true);
}

async function runCase({ title, goals, run }: Case, settings: Settings): Promise<CaseResult> {
  const stage = new Stage(settings);
  const notes = new Notes();
  try {
    await run(stage, notes);
  } catch (error) {
    notes.wrong.push(`it could not be measured to the end: ${String(error)}`);
  } finally {
    await stage.close();
  }
  return { title, goals, wrong: notes.wrong, arms: notes.spreads };
}

/** As many as this machine lets one process have connections; Node raises its own limit to the hard one by itself. */
function allowed(subscribers: number): number {
  const limit = Number(/^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  const most = Math.max(1, limit - 200);
  if (!(subscribers > most)) return subscribers;
  print(
    `${most} subscribers instead of ${subscribers}: one process may have ${limit} open files (ulimit -Hn)`,
  );
  return most;
}

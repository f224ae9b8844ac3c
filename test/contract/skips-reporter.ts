import type { Reporter, TestModule } from 'vitest/node';

/** Prints at the end of a run which tests were skipped, and why. */
export default class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const lines = skipped.flatMap((test) => {
      const result = test.result();
      const reason = result.state === 'skipped' ? result.note : undefined;
      return reason === undefined ? [] : [`  ${test.fullName}\n    ${reason}`];
    });
    if (lines.length > 0) process.stdout.write(`\nSkipped, ${lines.length} in all:\n${lines.join('\n')}\n`);
  }
}

import { type Spread, spreadOf } from '../reads/figures.ts';
import type { Figure } from './result.ts';

/** What one case notes while it runs. */
export class Notes {
  /** What the gateway answered that it should not. */
  readonly wrong: string[] = [];
  readonly #values = new Map<string, Map<Figure, number[]>>();

  /** The figures of one round of an arm. */
  add(arm: string, figures: Partial<Record<Figure, number>>): void {
    const values = this.#values.get(arm) ?? new Map<Figure, number[]>();
    this.#values.set(arm, values);
    // `Object.entries` forgets which keys there can be.
    for (const [figure, value] of Object.entries(figures) as [Figure, number][])
      values.set(figure, [...(values.get(figure) ?? []), value]);
  }

  get spreads(): Readonly<Record<string, Partial<Record<Figure, Spread>>>> {
    return Object.fromEntries(
      [...this.#values].map(([arm, of]) => [
        arm,
        Object.fromEntries([...of].map(([figure, values]) => [figure, spreadOf(values)])),
      ]),
    );
  }
}

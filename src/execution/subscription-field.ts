import type { Clock } from '../util/clock.ts';
import type { OperationContext } from './call.ts';
import type { Watches } from './event-reader.ts';
import type { ReportDefect } from './graphql-errors.ts';
import type { SelectedField } from './root-field.ts';

/** A subscription field, as an operation has selected it. */
export interface SelectedSubscription {
  readonly context: OperationContext;
  readonly field: SelectedField;
  readonly report: ReportDefect;
  /** What the transport resumes from. */
  readonly resumeFrom: string | undefined;
}

/** The same, and what it is answered with. */
export interface SubscriptionField extends SelectedSubscription {
  readonly hub: Watches;
  readonly clock: Clock;
}

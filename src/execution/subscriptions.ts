import type { SubscriptionAnswer } from './subscription-answer.ts';
import type { SelectedSubscription } from './subscription-field.ts';

/** What answers subscriptions. It is handed in, so that a way in which cannot send several answers does without its code. */
export interface Subscriptions {
  /** Never throws: what goes wrong is the answer's last payload. It ends without one when the client leaves. */
  subscribe(selected: SelectedSubscription): SubscriptionAnswer;
}

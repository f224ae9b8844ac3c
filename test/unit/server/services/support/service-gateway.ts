import {
  passingGateway,
  type PassingGateway,
  type PassingGatewayOptions,
} from '../../support/passing-gateway.ts';

export interface ServiceGatewayOptions extends Omit<PassingGatewayOptions, 'open'> {
  /** Default true. */
  readonly isOn?: boolean;
  /** Whether all other ways in are open as well. Default false. */
  readonly allElseIsOn?: boolean;
}

/** A gateway that passes on what is for services. It closes with the test. */
export function serviceGateway({
  isOn = true,
  allElseIsOn = false,
  ...options
}: ServiceGatewayOptions = {}): Promise<PassingGateway> {
  const open = [...(isOn ? (['services'] as const) : []), ...(allElseIsOn ? (['exec', 'raw'] as const) : [])];
  return passingGateway({ ...options, open });
}

/** A target to look at: an address in text form, without brackets or zone, and a port. */
export interface Target {
  address: string;
  port: number;
}

/** What the page says when it loads the SDK. */
export type TrackerOptions = {
  readonly writeKey: string;
  /** Address of the server, such as `https://events.example.com`. Default: where the script came from. */
  readonly host?: string;
  /**
   * `granted` (default): collect unless the person refused. `required`: nothing is sent or stored before `consent(true)`.
   * Global Privacy Control makes every page `required`.
   */
  readonly consent?: 'granted' | 'required';
  /** `auto` (default): a page view at the start and at each change of route. `manual`: only `page()`. */
  readonly pages?: 'auto' | 'manual';
};

export type Properties = Record<string, unknown>;

export type MessageType = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';

/** One call as it travels: the shape of Segment's specification. */
export type Message = {
  type: MessageType;
  messageId: string;
  timestamp: string;
  anonymousId: string;
  userId?: string;
  previousId?: string;
  groupId?: string;
  event?: string;
  name?: string;
  category?: string;
  properties?: Properties;
  traits?: Properties;
  context: Properties;
};

/** What of the browser is used; a test hands in a small one. */
export type Browser = Window & typeof globalThis;

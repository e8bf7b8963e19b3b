import type { WorkspaceSettings } from '@zhiyin/contract';
import type { WorkspaceId } from './ids.ts';

/** What stages need to know of a brand. Loaded by `trust/`, handed to stages; they never look it up themselves. */
export type Workspace = {
  readonly id: WorkspaceId;
  readonly name: string;
  /** IANA name; calendar days on screens and in imports are days there. */
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: 'en' | 'zh-CN';
  readonly isDemo: boolean;
  readonly createdAt: Date;
  readonly settings: WorkspaceSettings;
};

import { Link, type LinkProps } from '@tanstack/react-router';
import styles from './section-tabs.module.css';

export interface SectionTab {
  /** A path of the router, such as `/w/$workspaceId/data/sources`. */
  to: LinkProps['to'];
  label: string;
  /** Of a path that others begin with: marked only where it is the whole address. */
  exact?: boolean;
}

/** The parts of a page, each with an address of its own. */
export function SectionTabs({ tabs, label }: { tabs: readonly SectionTab[]; label: string }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          params={true as never}
          activeOptions={{ exact: tab.exact ?? false }}
          className={styles.tab!}
          activeProps={{ className: styles.active!, 'aria-current': 'page' }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}

import { UserOutlined } from '@ant-design/icons';
import styles from './people.module.css';

/** The first letter of a name; a figure for somebody we do not know yet. */
export function PersonMark({ name, isKnown, large = false }: { name: string; isKnown: boolean; large?: boolean }) {
  return (
    <span className={`${styles.mark} ${isKnown ? styles.known : ''} ${large ? styles.large : ''}`} aria-hidden="true">
      {isKnown ? [...name][0]?.toUpperCase() : <UserOutlined />}
    </span>
  );
}

import type { CustomerNote } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import styles from './customers.module.css';

/** What was odd about the data, said where the numbers are. */
export function Notes({ notes, say }: { notes: readonly CustomerNote[]; say: (note: CustomerNote) => string }) {
  const { t } = useTranslation('customers');
  if (notes.length === 0) return null;
  return (
    <Section title={t('notes')}>
      <ul className={styles.notes}>
        {notes.map((note) => (
          <li key={note.code}>{say(note)}</li>
        ))}
      </ul>
    </Section>
  );
}

import { useTranslation } from 'react-i18next';
import { CopyText } from '../../../components/copy-text.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Section } from '../../../components/section.tsx';
import styles from '../recommend.module.css';

const asking = `POST /v1/recommend
{ "surface": "home", "person": { "userId": "42" } }
→ { "decisionId": "9f6c…", "items": [ … ] }`;
const telling = `zhiyin.track('product_clicked', {
  product_id: 'p-17',
  decision_id: '9f6c…'
})`;

/** What has to be sent before there is anything to see: the answer's id, with the click that follows. */
export function NoOutcomes({ hasAnswers }: { readonly hasAnswers: boolean }) {
  const { t } = useTranslation('recommend');
  return (
    <Section title={t(hasAnswers ? 'quality.noClicks' : 'quality.noAnswers')}>
      <EmptyState
        sentence={t(hasAnswers ? 'quality.noClicksWhat' : 'quality.noAnswersWhat')}
        example={t('quality.howTo')}
        action={
          <div className={styles.stack} style={{ gap: 8, width: '100%', maxWidth: 560 }}>
            {!hasAnswers && <pre className={styles.code}>{asking}</pre>}
            <pre className={styles.code}>{telling}</pre>
            <span>
              <CopyText text={telling} shown={t('quality.copyCode')} />
            </span>
          </div>
        }
      />
    </Section>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { personScoresQuery } from '../../api/predictions.ts';
import { ScoreReasons } from '../../components/score-reasons.tsx';
import { Section } from '../../components/section.tsx';
import { useScoreWords } from '../../components/use-score-words.ts';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './person.module.css';

/** What is foretold of this person, each with its reasons. Nothing is shown where nothing is predicted. */
export function PersonPredictions({ profileId }: { readonly profileId: string }) {
  const { t } = useTranslation('predictions');
  const workspace = useWorkspace();
  const formats = useFormats();
  const { scoreOf, asideOf } = useScoreWords();
  const scores = useQuery(personScoresQuery(workspace.id, profileId));
  if (!scores.data || scores.data.length === 0) return null;
  return (
    <Section title={t('person.title')} subtitle={t('person.subtitle')}>
      <ul className={styles.list}>
        {scores.data.map((score) => (
          <li key={score.predictionId} style={{ display: 'block', paddingBlock: 8 }}>
            <p style={{ margin: '0 0 4px' }}>
              <Link
                to="/w/$workspaceId/predictions/$predictionId"
                params={{ workspaceId: String(workspace.id), predictionId: String(score.predictionId) }}
              >
                {score.name}
              </Link>{' '}
              <b className="tabular">{scoreOf(score.kind, score)}</b>{' '}
              <span className={styles.small} title={formats.exact(score.scoredAt)}>
                {[asideOf(score.kind, score), t('person.rank', { share: formats.rate(score.rank) })]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </p>
            <ScoreReasons reasons={score.reasons} most={4} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

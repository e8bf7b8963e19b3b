import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isApiError } from '../../api/api-error.ts';
import { personQuery } from '../../api/person.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './person.module.css';
import { PersonActivity } from './person-activity.tsx';
import { PersonAudience, PersonComputed } from './person-audience.tsx';
import { PersonConsent } from './person-consent.tsx';
import { PersonFavourites } from './person-favourites.tsx';
import { PersonGroups } from './person-groups.tsx';
import { PersonHead } from './person-head.tsx';
import { PersonIdentities } from './person-identities.tsx';
import { PersonMerges } from './person-merges.tsx';
import { PersonPredictions } from './person-predictions.tsx';
import { PersonRefusals } from './person-refusals.tsx';
import { PersonTimeline } from './person-timeline.tsx';
import { PersonTraits } from './person-traits.tsx';
import { PersonValue } from './person-value.tsx';

const route = getRouteApi('/w/$workspaceId/people/$profileId');

/** One person: who, what they are worth, what they did. */
export function PersonPage() {
  const { t } = useTranslation('people');
  const workspace = useWorkspace();
  const { profileId } = route.useParams();
  const person = useQuery(personQuery(workspace.id, profileId));

  const back = (
    <Link to="/w/$workspaceId/people" params={{ workspaceId: String(workspace.id) }} className={styles.back!}>
      <ArrowLeftOutlined aria-hidden /> {t('person.back')}
    </Link>
  );
  if (person.data) {
    return (
      <>
        {back}
        <PersonHead person={person.data} />
        <div className={styles.columns}>
          <div className={styles.column}>
            <PersonValue person={person.data} />
            <PersonGroups person={person.data} />
            <PersonPredictions profileId={person.data.profileId} />
            <PersonActivity person={person.data} />
            <PersonTimeline key={profileId} profileId={profileId} />
          </div>
          <div className={styles.column}>
            <PersonAudience person={person.data} />
            <PersonComputed person={person.data} />
            <PersonIdentities person={person.data} />
            <PersonMerges person={person.data} profileId={profileId} />
            <PersonRefusals person={person.data} />
            <PersonConsent person={person.data} />
            <PersonFavourites person={person.data} />
            <PersonTraits person={person.data} />
          </div>
        </div>
      </>
    );
  }
  if (isApiError(person.error) && person.error.status === 404) {
    return (
      <>
        {back}
        <EmptyState sentence={t('person.missing.sentence')} example={t('person.missing.example')} />
      </>
    );
  }
  if (person.error) return <ErrorState error={person.error} retry={() => void person.refetch()} />;
  return <PageSkeleton />;
}

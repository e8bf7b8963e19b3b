import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { workspaceRoute } from './workspace.ts';

const predictionsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/predictions',
  component: lazyRouteComponent(() => import('../../features/predictions/predictions-page.tsx'), 'PredictionsPage'),
});

const predictionRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/predictions/$predictionId',
  component: lazyRouteComponent(() => import('../../features/predictions/prediction-page.tsx'), 'PredictionPage'),
});

export const predictionRoutes = [predictionsRoute, predictionRoute] as const;

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { createQueryClient } from '../api/query-client.ts';
import { AppearanceProvider } from '../theme/appearance-provider.tsx';
import { LibraryProvider } from './library-provider.tsx';
import { createConsoleRouter } from './router.ts';

/** The session ended while a page was open: sign in, and come back to the same page. */
const queryClient = createQueryClient(() => {
  const { pathname, href } = router.state.location;
  if (!pathname.startsWith('/w/')) return;
  void router.navigate({ to: '/sign-in', search: { to: href } }).then(() => queryClient.clear());
});
const router = createConsoleRouter(queryClient);

export function App() {
  return (
    <StrictMode>
      <AppearanceProvider>
        <QueryClientProvider client={queryClient}>
          <Suspense>
            <LibraryProvider>
              <RouterProvider router={router} />
            </LibraryProvider>
          </Suspense>
        </QueryClientProvider>
      </AppearanceProvider>
    </StrictMode>
  );
}

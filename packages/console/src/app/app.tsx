import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { createQueryClient } from '../api/query-client.ts';
import { AppearanceProvider } from '../theme/appearance-provider.tsx';
import { LibraryProvider } from './library-provider.tsx';
import { createConsoleRouter } from './router.ts';

const queryClient = createQueryClient();
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

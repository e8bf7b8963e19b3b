import './theme/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startI18n } from './i18n/i18n.ts';

// After an upgrade the parts of the page that is open are gone from the server: load the new page, once.
window.addEventListener('vite:preloadError', () => {
  const lastReloadAt = Number(window.sessionStorage.getItem('zhiyin.reloadedAt') ?? 0);
  if (Date.now() - lastReloadAt < 60_000) return;
  window.sessionStorage.setItem('zhiyin.reloadedAt', String(Date.now()));
  window.location.reload();
});

await startI18n();
createRoot(document.getElementById('root')!).render(<App />);

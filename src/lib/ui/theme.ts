import type { Handle } from '@sveltejs/kit';

/** What the person chose; `system` follows the device. */
export type Theme = 'light' | 'dark' | 'system';

export const THEME_COOKIE = 'theme';
const YEAR = 365 * 24 * 60 * 60;

const readTheme = (value: string | undefined): Theme =>
  value === 'light' || value === 'dark' ? value : 'system';

/**
 * For `sequence(...)` in hooks: writes the chosen theme onto `<html>` while the page is rendered, so that the first
 * paint is already right and no inline script is needed.
 */
export const handleTheme: Handle = ({ event, resolve }) => {
  const theme = readTheme(event.cookies.get(THEME_COOKIE));
  if (theme === 'system') return resolve(event);
  return resolve(event, {
    transformPageChunk: ({ html }) =>
      html.replace('<html lang="en">', `<html lang="en" data-theme="${theme}">`)
  });
};

/** The theme in force on this page. Browser only. */
export const currentTheme = (): Theme => readTheme(document.documentElement.dataset.theme);

/** Switches the page and remembers it on this device for a year. Browser only. */
export const chooseTheme = (theme: Theme): void => {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
    document.cookie = `${THEME_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
  } else {
    document.documentElement.dataset.theme = theme;
    document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  }
  window.dispatchEvent(new CustomEvent<Theme>('themechange', { detail: theme }));
};

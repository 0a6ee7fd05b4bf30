import { Lazy } from './lazy.svelte.ts';

/** What all menus of the page are drawn with. */
export const menuList = new Lazy(() => import('./MenuList.svelte'));

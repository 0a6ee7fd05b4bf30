// `npm start`
import { build } from './build.js';

build();
await import(new URL('../build/server-main.js', import.meta.url).href);

// `npm run clv`: models from transactions, from the build, which is made first where there is none.
import { build } from './build.js';

build();
await import(new URL('../build/server-clv.js', import.meta.url).href);

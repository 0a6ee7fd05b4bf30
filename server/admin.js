// `npm run admin`: the operator's commands, from the build, which is made first where there is none.
import { build } from './build.js';

build();
await import(new URL('../build/server-admin.js', import.meta.url).href);

// The second build: the server program, bundled. It runs after Kit's build because the adapter empties build/ first.
import { defineConfig } from 'vite';
import pkg from '../package.json' with { type: 'json' };

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: Object.keys(pkg.dependencies) },
  build: {
    ssr: true,
    outDir: 'build',
    emptyOutDir: false,
    target: 'node24',
    sourcemap: true,
    rolldownOptions: {
      input: {
        'server-main': 'server/main.ts',
        'server-admin': 'server/admin.ts',
        'server-fit': 'server/fit-worker.ts',
        'server-snapshot': 'server/rooms/snapshot-worker.ts',
        'server-figures': 'server/figures-worker.ts',
        'server-pictures': 'server/picture-process.ts',
        'server-watchdog': 'server/watchdog-worker.ts',
        'server-clv': 'server/clv.ts'
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'server-chunks/[name]-[hash].js' }
    }
  }
});

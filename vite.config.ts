import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { meander, wall } from './server/dev.ts';

export default defineConfig({
  plugins: [sveltekit(), meander(), wall()],
  server: { watch: { ignored: ['**/data/**', '**/build/**'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          environment: 'node',
          include: ['src/**/*.test.ts', 'server/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/*.svelte.test.ts', 'tests/e2e/**']
        }
      },
      {
        extends: true,
        plugins: [svelteTesting()],
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['src/**/*.svelte.test.ts']
        }
      }
    ]
  }
});
